import type { ComponentType } from 'preact';
import type { Place } from '../places.ts';

/** A part of what an administrator does: `operate/close`; the first is at `operate` alone. */
export interface OperatorSection extends Place {
  /** What it is about, by which the navigation keeps like beside like. */
  readonly group: 'Books' | 'Service';
}

function section(
  group: OperatorSection['group'],
  id: string,
  title: string,
  load: () => Promise<ComponentType>,
): OperatorSection {
  return { group, id, title, load };
}

/** Every part, in the order of the navigation; each is loaded when one goes there. */
export const operatorSections: readonly OperatorSection[] = [
  section('Books', 'operate', 'Overview', async () => (await import('./books/overview.tsx')).Overview),
  section(
    'Books',
    'operate/adjustments',
    'Adjustments',
    async () => (await import('./books/adjustments.tsx')).Adjustments,
  ),
  section('Books', 'operate/close', 'Close', async () => (await import('./books/close.tsx')).Close),
  section('Books', 'operate/reconcile', 'Reconcile', async () => (await import('./books/reconcile.tsx')).Reconcile),
  section(
    'Books',
    'operate/dead-letters',
    'Dead letters',
    async () => (await import('./books/dead-letters.tsx')).DeadLetters,
  ),
  section(
    'Books',
    'operate/trial-balance',
    'Trial balance',
    async () => (await import('./books/trial-balance.tsx')).TrialBalance,
  ),
  section('Service', 'operate/tenants', 'Tenants', async () => (await import('./config/tenants.tsx')).Tenants),
  section('Service', 'operate/prices', 'Prices', async () => (await import('./config/prices.tsx')).Prices),
  section('Service', 'operate/keys', 'Keys', async () => (await import('./config/keys.tsx')).Keys),
  section('Service', 'operate/audit', 'Audit', async () => (await import('./config/audit.tsx')).Audit),
  section('Service', 'operate/health', 'Health', async () => (await import('./config/health.tsx')).Health),
];

/** The part at an address such as `operate/close`; where none is, the overview. */
export function operatorSectionAt(path: string): OperatorSection {
  const [overview] = operatorSections;
  if (overview === undefined) throw new Error('The operator view has no sections.');
  return operatorSections.find(({ id }) => id === path) ?? overview;
}
