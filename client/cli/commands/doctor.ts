import { examine } from '../../doctor/examine.ts';
import { command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { inert } from '../text/inert.ts';

/** As wide as the longest state and check, so that what was seen stands in one column. */
const [STATE_CHARS, CHECK_CHARS] = [6, 13];

export const doctor = command({
  name: 'doctor',
  group: 'This machine',
  credential: 'none',
  summary: 'Find out why something does not work, and what to do',
  description:
    'Looks at Node, the URL and what answers there, both clocks, the credential, and on this machine at what a stack needs. ' +
    'It changes nothing and shows no secret. Exit code 1 when something fails, 0 with warnings only.',
  examples: [
    { line: 'doctor', says: 'everything there is to check' },
    { line: 'doctor --json', says: 'for a report' },
  ],
  async work(_client, _given, output, { connection, env }) {
    const findings = await examine({
      ...connection,
      env,
      folder: process.cwd(),
      nodeVersion: process.versions.node,
    });
    const hasFailed = findings.some(({ state }) => state === 'FAIL');
    if (output.isJson) {
      await output.answer({ ok: !hasFailed, url: connection.url, findings });
    } else {
      for (const { check, state, seen, cure } of findings) {
        await output.line(`${state.padEnd(STATE_CHARS)}${check.padEnd(CHECK_CHARS)}${inert(seen)}`);
        if (cure !== undefined) await output.line(`${' '.repeat(STATE_CHARS + CHECK_CHARS)}-> ${inert(cure)}`);
      }
    }
    return hasFailed ? EXIT.failed : EXIT.ok;
  },
});
