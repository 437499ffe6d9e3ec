import { connect } from 'node:net';
import type { Answer } from '../../support/client.ts';
import { answerOf } from './exchange.ts';
import type { FuzzRun } from './fuzz-run.ts';
import { problemFaults } from './problem-faults.ts';
import type { RawCase } from './raw-cases.ts';

/** Longer than any of these takes, and how long to wait for what may never come. */
const ANSWER_TIMEOUT_MS = 10_000;
const SILENCE_MS = 300;

const SENT_MAX_CHARS = 300;

/** Sends the bytes and judges the first answer; gives whether it told anything new. */
export async function sendRaw(run: FuzzRun, one: RawCase): Promise<boolean> {
  const label = `raw: ${one.name}`;
  const bytes = await exchanged(run.url, one);
  const answer = readAnswer(bytes, isHead(one));
  const faults = answer === undefined ? [] : rawFaults(answer);
  if (one.meaning !== undefined) {
    if (answer === undefined) run.tally.uncertain.push(one.meaning);
    else faults.push(...run.tally.note({ request: one.meaning, answer }));
  }
  if (answer === undefined && !one.maySayNothing)
    faults.push(`there is no answer: ${bytes.toString('latin1').slice(0, 80)}`);
  const sent = JSON.stringify(one.bytes.toString('latin1').slice(0, SENT_MAX_CHARS));
  return faults.map((fault) => run.findings.tell(label, `${fault}; sent ${sent}`)).includes(true);
}

function rawFaults(answer: Answer): string[] {
  const faults = answer.status >= 500 ? [`it fails with ${answer.status}`] : [];
  // The answer to HEAD has no body to look at.
  if (answer.status >= 400 && answer.text !== '') faults.push(...problemFaults(answer));
  if (!answer.headers.has('x-request-id')) faults.push(`a ${answer.status} names no request`);
  return faults;
}

/** Everything that is answered until the connection is closed, or a whole answer is there. */
function exchanged(url: string, one: RawCase): Promise<Buffer> {
  const { bytes, isCut, maySayNothing } = one;
  const { hostname, port } = new URL(url);
  return new Promise((fulfil) => {
    let received = Buffer.alloc(0);
    const socket = connect(Number(port), hostname, () => (isCut ? socket.end(bytes) : socket.write(bytes)));
    const timer = setTimeout(() => socket.destroy(), maySayNothing ? SILENCE_MS : ANSWER_TIMEOUT_MS);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (readAnswer(received, isHead(one)) !== undefined) socket.destroy();
    });
    // A reset after an answer is how a server ends what it does not want to read.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      fulfil(received);
    });
  });
}

/** Its answer promises a body that does not come. */
function isHead({ bytes }: RawCase): boolean {
  return bytes.subarray(0, 'HEAD '.length).toString() === 'HEAD ';
}

/** The first final answer in these bytes; undefined when it is not whole. */
function readAnswer(bytes: Buffer, isWithoutBody: boolean): Answer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) return undefined;
  const rest = bytes.subarray(end + 4);
  if (status === 100) return readAnswer(rest, isWithoutBody);
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const length = Number(pairs.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? 0);
  if (rest.length < length && !isWithoutBody) return undefined;
  return answerOf(status, pairs, rest.subarray(0, length));
}
