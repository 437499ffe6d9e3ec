import { fileURLToPath } from 'node:url';
import { PythonTool } from '../../../localstack/python-tool.ts';

/** The fuzzer, in a virtual environment of its own. */
export const schemathesis = new PythonTool(fileURLToPath(new URL('requirements.txt', import.meta.url)));
