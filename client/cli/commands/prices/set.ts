import { readFileSync } from 'node:fs';
import type { ZerosumClient } from '../../../client.ts';
import { ZerosumProblem } from '../../../errors.ts';
import type { PriceRequest, PriceVersion } from '../../../types/api.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { CommandError, UsageError } from '../../failure.ts';
import { argumentList, option } from '../../parameters.ts';
import { priceColumns, priceRows } from './list.ts';

/** The newest version, and what a change of it must name; null before the first one. */
interface Current {
  readonly newest: PriceVersion | undefined;
  readonly etag: string | null;
}

/** In place of a price: the metric is no longer taken. */
const NO_PRICE = 'none';
const STANDARD_INPUT = 0;

export const pricesSet = command({
  name: 'prices set',
  group: 'Administration',
  credential: 'admin',
  summary: 'Add a version of the prices',
  description:
    'Either metric=price, which changes these metrics and leaves the others of the newest version as they are, or a file with ' +
    'all of it as PUT /prices takes it. Usage accepted before is not rated anew. Of two who change prices at once, the second ' +
    'one is told and changes nothing.',
  arguments: {
    prices: argumentList(
      '<file|metric=price...>',
      'a JSON file (- for standard input), or prices of one unit in minor units; metric=none takes a metric out',
    ),
  },
  options: {
    effectiveAt: option('--effective-at <timestamp>', 'from when on, like 2036-01-01T00:00:00Z; without it, now'),
    currency: option('--currency <code>', 'of the first prices of all, like USD'),
    ifMatch: option('--if-match <etag>', 'only while they are as you have seen them; without it, as they are now'),
  },
  examples: [
    { line: 'prices set seat_month=1500 --effective-at 2036-01-01T00:00:00Z', says: 'a new metric from 2036 on' },
    { line: 'prices set prices.json', says: 'all of it from a file' },
  ],
  async work(client, { prices, effectiveAt, currency, ifMatch }, output) {
    const given = givenPrices(prices);
    const { newest, etag } = await currentPrices(client);
    const request = {
      ...(given.file ?? changed(given.changes, newest, currency)),
      ...(effectiveAt !== undefined && { effective_at: effectiveAt }),
    };
    const { etag: _, ...added } = await client.putPrices(request, ifMatch ?? etag);
    if (output.isJson) await output.answer(added);
    else
      await output.table(
        priceColumns(() => 'added'),
        [priceRows(added)],
        'The new version has no metric.',
      );
    return EXIT.ok;
  },
});

type Changes = ReadonlyMap<string, string>;

function givenPrices(given: readonly string[]): { readonly file?: PriceRequest; readonly changes: Changes } {
  const [first = ''] = given;
  if (given.length === 1 && !first.includes('=')) return { file: fileOf(first), changes: new Map() };
  const changes = given.map((text) => {
    const [, metric = '', price = ''] = /^([^=]+)=(\d+|none)$/.exec(text) ?? [];
    if (metric === '') throw new UsageError('Prices are metric=price in minor units, like api_call=2, or one file.');
    return [metric, price] as const;
  });
  return { changes: new Map(changes) };
}

/** Whatever the file holds is for the service to judge, which says what is wrong with it. */
function fileOf(path: string): PriceRequest {
  const text = readFileSync(path === '-' ? STANDARD_INPUT : path, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError(`${path} is no JSON file: it must be like {"currency":"USD","unit_prices":{"api_call":1}}.`);
  }
}

async function currentPrices(client: ZerosumClient): Promise<Current> {
  try {
    const { versions, etag } = await client.prices({ limit: 1 });
    return { newest: versions[0], etag };
  } catch (error) {
    if (error instanceof ZerosumProblem && error.kind === 'not_found') return { newest: undefined, etag: null };
    throw error;
  }
}

function changed(changes: Changes, newest: PriceVersion | undefined, given: string | undefined): PriceRequest {
  const currency = given ?? newest?.currency;
  if (currency === undefined) throw new UsageError('The first prices of all need their currency: give --currency.');
  const all = new Map([...Object.entries(newest?.unit_prices ?? {}), ...changes]);
  return { currency, unit_prices: Object.fromEntries([...all].filter(([, price]) => price !== NO_PRICE)) };
}
