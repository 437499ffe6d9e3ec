import { escaped } from '../http/html.ts';

const HEAD_END = '</head>';

/** By this name the page finds out which stage it runs in. */
const STAGE_NAME = 'zerosum-stage';

/** The built document, which says what stage it is of. Throws when it has no head to say it in. */
export function documentOf(stage: string, html: string): string {
  const [head, rest] = html.split(HEAD_END);
  if (head === undefined || rest === undefined) throw new Error("The console's document has no head.");
  return `${head}  <meta name="${STAGE_NAME}" content="${escaped(stage)}">\n  ${HEAD_END}${rest}`;
}
