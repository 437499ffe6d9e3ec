import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What the build may give a page to load; a policy that lets no more in comes with it. */
const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** Something to hand out, as it is and compressed: once for all, since it never changes. */
export interface PageFile {
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly gzipped: Uint8Array;
}

export function pageFile(contentType: string, content: string | Uint8Array): PageFile {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return { contentType, bytes, gzipped: gzipSync(bytes, { level: 9 }) };
}

/**
 * Every file of a folder by its name. A request can only ever name one of these: what it asks for is never a path. Throws
 * for a file of a kind that no page of ours loads.
 */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = readdirSync(folder).map((name) => {
    const contentType = contentTypes[extname(name)];
    if (contentType === undefined) throw new Error(`The console's page has ${name}, whose type is not known.`);
    return [name, pageFile(contentType, readFileSync(join(folder, name)))] as const;
  });
  return new Map(files);
}
