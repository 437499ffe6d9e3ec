import type { Access } from './access.ts';
import type { Statement } from './statement.ts';

/** Why a request is denied, in the words AWS ends its message with. */
export type Denial = string;

/** What a role and the resources' own policies say. */
export interface Policies {
  readonly identity: readonly Statement[];
  readonly resource: readonly Statement[];
}

/**
 * Why a role may not do this; undefined when it may. An explicit deny wins, then any allow; without one nothing is
 * allowed (IAM User Guide, "Policy evaluation logic", for requests within one account).
 */
export function denialOf(access: Access, { identity, resource }: Policies): Denial | undefined {
  const held = (statements: readonly Statement[], effect: Statement['effect']) =>
    statements.some((one) => one.effect === effect && one.covers(access.action) && one.applies(access));
  if (held(identity, 'Deny')) return 'with an explicit deny in an identity-based policy';
  if (held(resource, 'Deny')) return 'with an explicit deny in a resource-based policy';
  if (held(identity, 'Allow') || held(resource, 'Allow')) return undefined;
  return `because no identity-based policy allows the ${access.action} action`;
}
