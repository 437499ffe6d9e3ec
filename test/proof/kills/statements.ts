import type { Sender } from './sender.ts';

export interface Statement {
  readonly status: string;
  readonly totalMinor: bigint;
  readonly txnIds: readonly string[];
  /** Every byte of every page. */
  readonly text: string;
}

/** A tenant's whole statement of a month, page by page. */
export async function readStatement(sender: Sender, tenant: string, period: string): Promise<Statement> {
  const texts: string[] = [];
  const txnIds: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const after: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { json, text } = await sender.get(`/statement?period=${period}${after}`, { tenant });
    texts.push(text);
    txnIds.push(...json.lines.map(({ txn_id: id }: { txn_id: string }) => id));
    cursor = json.next_cursor;
    if (cursor === undefined) {
      return { status: json.status, totalMinor: BigInt(json.total_minor), txnIds, text: texts.join('\n') };
    }
  }
}

/** The month so many after the one in which the moment lies, `YYYY-MM`. */
export function monthAfter(moment: Date, months: number): string {
  return new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + months)).toISOString().slice(0, 7);
}
