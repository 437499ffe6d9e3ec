import { render } from 'preact';
import { App } from './app.tsx';
import { loadDevelopment } from './session/development.ts';
import './style/tokens.css';
import './style/base.css';
import './style/layout.css';
import './style/parts.css';

const root = document.getElementById('console');
if (root === null) throw new Error('The page has lost its root element: load it again.');
await loadDevelopment();
render(<App />, root);
