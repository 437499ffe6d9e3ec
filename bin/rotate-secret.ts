import { fileURLToPath } from 'node:url';
import { systemClock } from '../lambdas/clock.ts';
import { SealedSecrets } from '../lambdas/storage/sealed-secrets.ts';
import { runCommand, type Said, say, UsageError } from './operator/command.ts';
import { type KeptSecret, type SecretName, secretNames } from './operator/kept-secret.ts';
import { OperatorError } from './operator/operator-error.ts';
import { overlapMs, refuseEarly, rotated } from './operator/rotate.ts';
import { sealAnew } from './operator/seal-anew.ts';
import type { StageStores } from './operator/stage-stores.ts';

const HOUR_MS = 3_600_000;

const USAGE_TEXT = `Usage: npm run rotate-secret -- --secret jwt | webhook-seal [--stage dev | --local] [--force]

Puts a new secret in place; the one it replaces stays valid until the next rotation. Never prints a secret.
  --secret jwt           signs tokens; again after ${Math.ceil(overlapMs.jwt / HOUR_MS)} hours at the earliest
  --secret webhook-seal  seals the webhook keys' secrets, which are sealed anew first
  --force                even though the previous one may still be in use: what it signed or sealed ends now
  --stage NAME           the deployed stage, by default dev; AWS_PROFILE, AWS_REGION and AWS_ENDPOINT_URL say where
  --local                the embedded stack in ZEROSUM_DATA (.zerosum by default)
A secret that has leaked: rotate with --force, and once more a minute later, so that it is valid nowhere.`;

/** Rotates a secret of a stage; gives the exit code and what to tell, which is never a secret. */
export function runRotateSecret(args: readonly string[]): Promise<Said> {
  return runCommand(args, {
    usage: USAGE_TEXT,
    options: { secret: { type: 'string' }, force: { type: 'boolean' } },
    work: async ({ secret, force }, stores) => ({ out: await rotate(secretNameOf(secret), force === true, stores) }),
  });
}

async function rotate(name: SecretName, isForced: boolean, stores: StageStores): Promise<string> {
  const before = await stores.secrets.read(name);
  const nowMs = systemClock.nowMs();
  if (!isForced) refuseEarly(name, before, nowMs);
  const sealed = name === 'webhook-seal' ? await sealRecordsAnew(before, isForced, stores) : '';
  await stores.secrets.replace(name, rotated(before, nowMs));
  return `The secret ${name} is rotated. What it was stays valid until the next rotation.${sealed}`;
}

async function sealRecordsAnew(secret: KeptSecret, isForced: boolean, stores: StageStores): Promise<string> {
  const { client, table } = await stores.config();
  try {
    const { changed, unopened } = await sealAnew(new SealedSecrets(client, table), secret);
    if (unopened.length === 0 || isForced) return ` Webhook keys sealed anew: ${changed}, damaged: ${unopened.length}.`;
    throw new OperatorError(
      `These webhook keys open with neither secret: ${unopened.join(', ')}. Replace or revoke them, or add --force.`,
    );
  } finally {
    client.destroy();
  }
}

function secretNameOf(text: string | boolean | undefined): SecretName {
  const name = secretNames.find((known) => known === text);
  if (name === undefined) throw new UsageError(`Give --secret ${secretNames.join(' or --secret ')}.`);
  return name;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) say(await runRotateSecret(process.argv.slice(2)));
