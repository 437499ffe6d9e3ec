import type { Discrepancy } from '../../../../../client/types/api.ts';
import { hrefOf } from '../../routing/route.ts';
import { wordsOf } from './finding-words.ts';

/** One finding in a line; opened, where it is, what was expected instead, and what to do. */
export function FindingView({ finding }: { readonly finding: Discrepancy }) {
  const { type, tenant_id: tenant, event_id: eventId, txn_id: txnId, expected, posted, detail } = finding;
  const { title, next, heading, redrives } = wordsOf(type);
  const { period, lane, seq, index, item, message } = detail;
  const unit = type === 'amount_mismatch' ? ' minor units' : '';
  const facts = [
    ['Kind', <code key="type">{type}</code>],
    ['Tenant', tenant],
    ['Event', eventId && <code>{eventId}</code>],
    ['Transaction', txnId && <code>{txnId}</code>],
    [
      'Expected',
      expected && (
        <>
          <code>{expected}</code>
          {unit}
        </>
      ),
    ],
    [
      'Found instead',
      posted && (
        <>
          <code>{posted}</code>
          {unit}
        </>
      ),
    ],
    ['Month', period],
    ['Lane', lane],
    ['Page', seq],
    ['Place in it', index],
    ['Item', item && <code>{item}</code>],
    ['In short', message],
  ] as const;
  return (
    <li>
      <details class="finding">
        <summary>
          <strong>{title}</strong>{' '}
          <span class="faint">
            {[
              tenant,
              eventId && <bdi key="event">{eventId}</bdi>,
              period && `${period}${lane === undefined ? '' : `, lane ${lane}`}`,
            ]
              .filter(Boolean)
              .map((part, index) => [index > 0 && ' · ', part])}
          </span>
        </summary>
        <div class="stack">
          <dl class="facts">
            {facts
              .filter(([, value]) => value !== undefined && value !== null && value !== '')
              .map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} is`}>{value}</dd>])}
          </dl>
          <h3>What to do</h3>
          <p>{next}</p>
          <p>
            In docs/runbook.md: “{heading}”.{' '}
            {redrives && tenant && eventId && (
              <a href={hrefOf('operate/dead-letters', { tenant, event: eventId })}>Redrive it</a>
            )}
          </p>
        </div>
      </details>
    </li>
  );
}
