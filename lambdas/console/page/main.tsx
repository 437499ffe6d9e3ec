import { render } from 'preact';

const root = document.getElementById('console');
if (root === null) throw new Error('The page has lost its root element: load it again.');
render(<h1>Zerosum console</h1>, root);
