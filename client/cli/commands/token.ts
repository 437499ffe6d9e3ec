import { command } from '../command.ts';
import { developmentOf } from '../development.ts';
import { EXIT } from '../exit-codes.ts';
import { argumentChoice } from '../parameters.ts';
import { inert } from '../text/inert.ts';

const WHOSE = ['alpha', 'beta', 'admin'] as const;

export const token = command({
  name: 'token',
  group: 'This machine',
  credential: 'none',
  summary: 'Print a development token of the stack on this machine',
  description: 'Only the embedded stack (npm start) hands them out. A deployed stage has `npm run token`.',
  arguments: { whose: argumentChoice('<whose>', WHOSE, 'tenant_alpha, tenant_beta or an administrator') },
  examples: [
    { line: 'token alpha', says: 'in a shell: export ZEROSUM_TOKEN=$(zerosum token alpha)' },
    { line: 'token admin --json', says: 'everything the development route tells' },
  ],
  async work(_client, { whose }, output, { connection }) {
    const development = await developmentOf(connection.url);
    if (output.isJson) await output.answer(development);
    else await output.line(inert(development.tokens[whose]));
    return EXIT.ok;
  },
});
