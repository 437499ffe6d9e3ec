import { computed } from '@preact/signals';
import { development } from './development.ts';
import { stored } from './stored.ts';
import { type TokenFacts, tokenFacts } from './token-claims.ts';

/** Somebody whom the console acts as. */
export interface Identity {
  readonly id: string;
  readonly label: string;
  readonly token: string;
  readonly facts: TokenFacts;
}

/** Tokens someone has pasted: for this tab alone, until it is closed. */
const pasted = stored<readonly string[]>('tokens', []);

const chosenId = stored('identity', 'alpha');

/** Everybody one can act as: the development stack's three, and whoever's token was pasted. */
export const identities = computed<readonly Identity[]>(() => [
  ...Object.entries(development.value?.tokens ?? {}).map(([id, token]) => identityOf(id, token)),
  ...pasted.value.map((token, index) => identityOf(`pasted-${index + 1}`, token)),
]);

/** Whom the console acts as now; undefined until there is a token. */
export const identity = computed<Identity | undefined>(
  () => identities.value.find(({ id }) => id === chosenId.value) ?? identities.value[0],
);

/** Whether the console shows what is an administrator's: a token that cannot be read may be one's, and the service decides. */
export const mayAdminister = computed(() => {
  const kind = identity.value?.facts.kind;
  return kind === 'admin' || kind === 'unreadable';
});

export function actAs(id: string): void {
  chosenId.value = id;
}

/** Adds a token and acts with it. A token that is there already is only chosen. */
export function addToken(token: string): void {
  const known = identities.peek().find((one) => one.token === token);
  if (known === undefined) pasted.value = [...pasted.peek(), token];
  actAs(known?.id ?? `pasted-${pasted.peek().length}`);
}

/** Forgets every token that was pasted. */
export function forgetTokens(): void {
  pasted.value = [];
}

function identityOf(id: string, token: string): Identity {
  const facts = tokenFacts(token);
  return { id, label: id.startsWith('pasted-') ? labelOf(facts) : id, token, facts };
}

function labelOf({ kind, tenant }: TokenFacts): string {
  if (kind === 'api-key') return 'API key';
  return tenant ?? (kind === 'admin' ? 'admin' : 'token');
}
