import type { PriceVersion } from '../../../types/api.ts';
import { command } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { rowsOf } from '../../pages.ts';
import { utc } from '../../text/moment.ts';
import { moneyOf } from '../../text/money.ts';
import type { Column } from '../../text/table.ts';

export const prices = command({
  name: 'prices',
  group: 'Administration',
  credential: 'admin',
  summary: 'Show the prices, all versions of them, or set new ones',
  description: 'Of the versions that have come into force, the latest is the one that usage is rated by now.',
  examples: [{ line: 'prices', says: 'the newest version first' }],
  async work(client, _given, output) {
    const versions = client.priceVersions();
    if (output.isJson) {
      for await (const page of versions.pages()) await output.answer(page);
      return EXIT.ok;
    }
    const inForce = (await versions.first()).in_force?.version;
    await output.table(
      priceColumns((version) => (version === inForce ? 'in force' : '')),
      rowsOf(versions.pages(), (page) => page.versions.flatMap(priceRows)),
      'There are no prices yet.',
    );
    return EXIT.ok;
  },
});

interface PriceRow {
  readonly version: PriceVersion;
  readonly metric: string;
  readonly unitPrice: string;
}

/** A row for each metric of a version. */
export function priceRows(version: PriceVersion): PriceRow[] {
  return Object.entries(version.unit_prices).map(([metric, unitPrice]) => ({ version, metric, unitPrice }));
}

export function priceColumns(stateOf: (version: number) => string): readonly Column<PriceRow>[] {
  return [
    { title: 'VERSION', align: 'right', cell: ({ version }) => version.version.toString() },
    { title: 'FROM (UTC)', cell: ({ version }) => utc(version.effective_at) },
    { title: 'METRIC', cell: ({ metric }) => metric },
    { title: 'UNIT PRICE', align: 'right', cell: ({ version, unitPrice }) => moneyOf(unitPrice, version.currency) },
    { title: 'CURRENCY', cell: ({ version }) => version.currency },
    { title: '', cell: ({ version }) => stateOf(version.version) },
  ];
}
