/** The bill: `npm run cost -- --help` says how to ask. docs/cost.md has one of each, and what came of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesise } from '../embedded/synthesis.ts';
import { type Bill, billOf } from './bill.ts';
import { countedQuiet } from './counted-quiet.ts';
import { countedSample } from './counted-sample.ts';
import { eventLines, historyLines } from './event-lines.ts';
import { type CostOptions, HELP, readCostOptions } from './options.ts';
import { billTable, dollarsText, footnotes } from './report.ts';
import { standingLines } from './standing-lines.ts';
import { type TemplateFacts, templateFacts } from './template-facts.ts';

const MILLION = 1_000_000;

/** `EX_USAGE` of sysexits.h. */
const USAGE = 64;

try {
  const options = readCostOptions(process.argv.slice(2));
  process.stdout.write(`${options.isHelp ? HELP : await cost(options)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = USAGE;
}

async function cost(options: CostOptions): Promise<string> {
  const facts = await factsOfStage(options.stage);
  return options.isIdle ? idleCost(options, facts) : eventCost(options, facts);
}

async function eventCost({ events, batch, stage, isJson }: CostOptions, facts: TemplateFacts): Promise<string> {
  const counted = await countedSample({ events, batch });
  const bill = billOf(eventLines(counted, events, facts));
  const history = billOf(historyLines(counted, events, facts));
  const perMillion = (bill.dollars / events) * MILLION;
  if (isJson)
    return json({ stage, events, batch, sampled: counted.sampled, perMillionDollars: perMillion, bill, history });
  const title = `A month of ${events.toLocaleString('en-US')} events in requests of ${batch}, stage ${stage}; counted over ${counted.sampled} events`;
  return [
    billTable(title, bill, events),
    `per million events ${dollarsText(perMillion)}; after AWS's lasting free allowances the month is ${dollarsText(bill.dollarsAfterFreeTier)}`,
    `Each further month that these events are kept and verified: ${dollarsText(history.dollars)}. What the stage costs anyway: --idle.\n`,
    footnotes(bill),
  ].join('\n');
}

async function idleCost({ tenants, stage, isJson }: CostOptions, facts: TemplateFacts): Promise<string> {
  const bill = billOf(standingLines(facts, await countedQuiet(tenants)));
  if (isJson) return json({ stage, tenants, bill });
  const title = `A month of stage ${stage} with ${tenants.toLocaleString('en-US')} tenants, none of whom sends anything`;
  return [
    billTable(title, bill, 1),
    `after AWS's lasting free allowances ${dollarsText(bill.dollarsAfterFreeTier)}\n`,
    footnotes(bill),
  ].join('\n');
}

/** From the templates as they are now. */
async function factsOfStage(stage: CostOptions['stage']): Promise<TemplateFacts> {
  const folder = mkdtempSync(join(tmpdir(), 'zerosum-cost-'));
  try {
    const assembly = join(folder, 'assembly');
    await synthesise(assembly, join(folder, 'synthesis.log'), undefined, stage);
    return templateFacts(assembly);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function json(value: { bill: Bill; [name: string]: unknown }): string {
  return JSON.stringify(value, undefined, 2);
}
