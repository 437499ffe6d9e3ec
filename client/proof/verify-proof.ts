import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Anchor } from '../../lambdas/domain/anchor.ts';
import type { ContentHash } from '../../lambdas/domain/page.ts';
import { verifyProof } from '../../lambdas/domain/proof.ts';
import { type ProofFile, ProofFileError, proofFileOf, type Receipt } from './proof-files.ts';
import { proofReport } from './proof-report.ts';

const PROVEN = 0;
const NOT_PROVEN = 2;
/** `EX_USAGE` of sysexits.h. */
const USAGE = 64;

const USAGE_TEXT = `Usage: npm run verify-proof -- receipt.json [more-links.json ...] anchor.json [more-anchors.json ...]

Checks offline that the entry of a receipt was in the ledger, unchanged, when an anchor was put.
  receipt.json         GET /events/{event_id}?proof=full&to_seq=N, N being the page the anchor holds
  anchor.json          an object of the anchors' bucket, byte for byte
  --anchor-sha256 HEX  what the anchors' SHA-256 must be, from a source you trust; may be repeated
Exit code: 0 proven, 2 not proven, 64 wrong use. See docs/proofs.md.`;

/** Checks the files; gives the exit code and what to tell. Reads the files and nothing else. */
export function runVerifyProof(args: readonly string[]): { readonly code: number; readonly text: string } {
  const options = optionsOf(args);
  if (options === undefined) return { code: USAGE, text: USAGE_TEXT };
  try {
    const files = options.paths.map((path) => proofFileOf(path, readFileSync(path, 'utf8')));
    return verify(files, options.trusted);
  } catch (error) {
    if (error instanceof ProofFileError) return { code: NOT_PROVEN, text: `NOT PROVEN: ${error.message}` };
    if (isUnreadable(error)) return { code: USAGE, text: `${error.message}\n\n${USAGE_TEXT}` };
    throw error;
  }
}

function optionsOf(args: readonly string[]): { paths: string[]; trusted: Set<string> } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { 'anchor-sha256': { type: 'string', multiple: true, default: [] } },
      allowPositionals: true,
    });
    return { paths: positionals, trusted: new Set(values['anchor-sha256']) };
  } catch {
    return undefined;
  }
}

function verify(files: readonly ProofFile[], trusted: ReadonlySet<string>): { code: number; text: string } {
  const receipts = files.flatMap((file) => (file.kind === 'receipt' ? [file.receipt] : []));
  const anchors = files.flatMap((file) => (file.kind === 'anchor' ? [file] : []));
  const [first] = receipts;
  if (first === undefined || anchors.length === 0) return { code: USAGE, text: USAGE_TEXT };
  for (const { anchor, hash } of anchors) {
    if (trusted.size === 0 || trusted.has(hash)) continue;
    throw new ProofFileError(`the anchor of ${anchor.at} has SHA-256 ${hash}, which is not the one you trust.`);
  }
  const links = linksOf(receipts);
  const outcome = verifyProof(
    first.proof,
    links,
    anchors.map(({ anchor }): Anchor => anchor),
  );
  return { code: outcome.status === 'proven' ? PROVEN : NOT_PROVEN, text: proofReport(first.proof, outcome) };
}

/** The links of all receipts together; they must be receipts of one entry and must not contradict each other. */
function linksOf(receipts: readonly Receipt[]): Map<number, ContentHash> {
  const links = new Map<number, ContentHash>();
  const [first] = receipts;
  for (const { proof, links: own } of receipts) {
    const { eventId } = proof.entry;
    if (eventId !== first?.proof.entry.eventId || proof.pageHash !== first.proof.pageHash) {
      throw new ProofFileError('the receipts are not of one entry: check one event at a time.');
    }
    for (const [seq, content] of own) {
      if ((links.get(seq) ?? content) !== content) {
        throw new ProofFileError(`the receipts contradict each other at page ${seq}: one of them was altered.`);
      }
      links.set(seq, content);
    }
  }
  return links;
}

function isUnreadable(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { code, text } = runVerifyProof(process.argv.slice(2));
  (code === PROVEN ? process.stdout : process.stderr).write(`${text}\n`);
  process.exitCode = code;
}
