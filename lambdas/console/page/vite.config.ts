import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page's own modules but those of its places, and the library under all of them. */
const SHELL = /page\/(parts|api|session|routing)\/|node_modules\/(@preact|preact)\//;

/**
 * Builds the page for where the API serves it: `/console` for the document, `/console/{file}` for all it loads, below
 * whatever stage prefix. So every URL is relative, and the files lie in a folder called as the page is.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  // Of what the page needs nothing is inlined: the policy it is served with allows no inline script or style.
  build: {
    assetsDir: 'console',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    // What every place needs is one file, and so is each place: each file is a request of its own.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'shell', test: SHELL }] } } },
  },
});
