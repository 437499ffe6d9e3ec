import type { AnyCommand } from './command.ts';
import { adjust } from './commands/adjust.ts';
import { audit } from './commands/audit.ts';
import { balance } from './commands/balance.ts';
import { close } from './commands/close.ts';
import { deadLetters } from './commands/dead-letters.ts';
import { doctor } from './commands/doctor.ts';
import { importCommand } from './commands/import.ts';
import { keysCreate } from './commands/keys/create.ts';
import { keysList } from './commands/keys/list.ts';
import { keysRevoke } from './commands/keys/revoke.ts';
import { keysRotate } from './commands/keys/rotate.ts';
import { prices } from './commands/prices/list.ts';
import { pricesSet } from './commands/prices/set.ts';
import { receipt } from './commands/receipt.ts';
import { reconcile } from './commands/reconcile.ts';
import { redrive } from './commands/redrive.ts';
import { send } from './commands/send.ts';
import { statement } from './commands/statement.ts';
import { tenantsAdd } from './commands/tenants/add.ts';
import { tenants } from './commands/tenants/list.ts';
import { tenantsRename } from './commands/tenants/rename.ts';
import { token } from './commands/token.ts';
import { trialBalance } from './commands/trial-balance.ts';
import { usage } from './commands/usage.ts';

/** Every command, in the order of the help. */
export const commands: readonly AnyCommand[] = [
  ...[send, importCommand],
  ...[balance, statement, usage, receipt],
  ...[adjust, close, trialBalance, reconcile, deadLetters, redrive],
  ...[tenants, tenantsAdd, tenantsRename, prices, pricesSet],
  ...(['webhook', 'api'] as const).flatMap((kind) => [
    keysList(kind),
    keysCreate(kind),
    keysRotate(kind),
    keysRevoke(kind),
  ]),
  audit,
  token,
  doctor,
];

/** The commands that do nothing themselves, but have others below them. */
export const families: Readonly<Record<string, string>> = {
  keys: 'List, issue, rotate and revoke keys',
  'keys webhook': 'Keys with which providers sign their deliveries',
  'keys api': 'Keys with which programs act for a tenant',
};
