import { decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runEmptyAnchors } from '../../bin/empty-anchors.ts';
import { deployedStores } from '../../bin/operator/stage-stores.ts';
import { runRotateSecret } from '../../bin/rotate-secret.ts';
import { runToken } from '../../bin/token.ts';
import { systemClock } from '../../lambdas/clock.ts';
import { instantOf } from '../../lambdas/domain/instant.ts';
import { DeployedStage } from '../support/deployed-stage.ts';

const SECRET = 'a-secret-of-the-stage';
const HOUR_MS = 3_600_000;

let stage: DeployedStage;

beforeAll(async () => {
  stage = await DeployedStage.start();
});
afterAll(() => {
  vi.unstubAllEnvs();
  stage.stop();
});
beforeEach(() => {
  for (const [name, value] of Object.entries(stage.environment)) vi.stubEnv(name, value);
  stage.keep('arn:jwt', { current: SECRET });
  stage.keep('arn:seal', { current: 'seals' });
});

function kept(arn: string): Record<string, string> {
  return JSON.parse(stage.secrets.get(arn)?.text ?? '{}');
}

function key(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}

describe('npm run token', () => {
  it('mints what the stage accepts, for a tenant or an administrator, and says nothing else', async () => {
    const tenant = await runToken(['--tenant', 'tenant_gamma', '--hours', '3', '--subject', 'ada']);
    const { payload } = await jwtVerify(tenant.out ?? '', key(SECRET), { algorithms: ['HS256'] });
    expect(payload).toMatchObject({ tenant_id: 'tenant_gamma', sub: 'ada' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3 * 3_600);
    expect(tenant).toEqual({ code: 0, out: tenant.out });
    const admin = await runToken(['--admin', '--stage', 'dev']);
    expect(decodeJwt(admin.out ?? '')).toEqual({ admin: true, iat: expect.any(Number), exp: expect.any(Number) });
  });

  it.each([
    [[], 'Give either --admin or --tenant.'],
    [['--admin', '--tenant', 'tenant_a'], 'Give either --admin or --tenant.'],
    [['--tenant', 'Tenant A'], '--tenant is "Tenant A"'],
    [['--admin', '--hours', '25'], 'from 1 to 24'],
    [['--admin', '--hours', '0.5'], 'from 1 to 24'],
    [['--nobody'], "Unknown option '--nobody'"],
  ])('shows its usage for %j', async (args, sentence) => {
    const { code, out, error } = await runToken(args);
    expect({ code, out }).toEqual({ code: 64, out: undefined });
    expect(error).toContain(sentence);
    expect(error).toContain('Usage:');
  });

  it.each([
    [['--admin', '--stage', 'prod'], 'There is no stack zerosum-prod-data'],
    [['--admin', '--stage', 'test'], 'There is no stage "test"'],
  ])('says of %j what to do', async (args, sentence) => {
    expect(await runToken(args)).toEqual({ code: 1, error: expect.stringContaining(sentence) });
  });

  it('says when nobody is signed in to AWS', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    const nowhere = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
    for (const [name, value] of Object.entries({ ...nowhere, AWS_EC2_METADATA_DISABLED: 'true' })) {
      vi.stubEnv(name, value);
    }
    const { code, error } = await runToken(['--admin']);
    expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining('AWS takes no credentials') });
  });

  it('never repeats a secret that has another form', async () => {
    stage.keep('arn:jwt', { currant: SECRET });
    const { code, error } = await runToken(['--admin']);
    expect(code).toBe(1);
    expect(error).toContain('does not have the form');
    expect(error).not.toContain(SECRET);
  });
});

describe('npm run rotate-secret', () => {
  it.each([
    ['jwt', 'arn:jwt', SECRET],
    ['webhook-seal', 'arn:seal', 'seals'],
  ])('puts a new %s in place, keeps what it was, and prints neither', async (name, arn, before) => {
    const said = await runRotateSecret(['--secret', name]);
    const { current = '', previous, rotated_at: at } = kept(arn);
    expect(said).toEqual({ code: 0, out: expect.stringContaining('stays valid until the next rotation') });
    expect(previous).toBe(before);
    expect(current).toMatch(/^[\w-]{64}$/);
    expect(Math.abs(Date.parse(at ?? '') - systemClock.nowMs())).toBeLessThan(HOUR_MS);
    for (const secret of [before, current]) expect(said.out).not.toContain(secret);
  });

  it('refuses to end what may still be in use, unless it is forced', async () => {
    const recent = { current: SECRET, previous: 'old', rotated_at: instantOf(systemClock.nowMs() - HOUR_MS) };
    stage.keep('arn:jwt', recent);
    expect(await runRotateSecret(['--secret', 'jwt'])).toEqual({ code: 1, error: expect.stringContaining('--force') });
    expect(kept('arn:jwt')).toEqual(recent);
    expect((await runRotateSecret(['--secret', 'jwt', '--force'])).code).toBe(0);
    expect(kept('arn:jwt')['previous']).toBe(SECRET);
  });

  it('lets the next follow once every token of the one before has expired', async () => {
    const old = { current: SECRET, previous: 'old', rotated_at: instantOf(systemClock.nowMs() - 25 * HOUR_MS) };
    stage.keep('arn:jwt', old);
    expect((await runRotateSecret(['--secret', 'jwt'])).code).toBe(0);
  });

  it('does not guess the age of a previous secret that was put there by hand', async () => {
    stage.keep('arn:jwt', { current: SECRET, previous: 'old' });
    const { code, error } = await runRotateSecret(['--secret', 'jwt']);
    expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining('of unknown age') });
  });

  it('lets one of two who rotate at once do so', async () => {
    const [one, other] = [deployedStores('dev').secrets, deployedStores('dev').secrets];
    for (const store of [one, other]) await store.read('jwt');
    await one.replace('jwt', { current: 'of the one', previous: SECRET });
    const late = other.replace('jwt', { current: 'of the other', previous: SECRET });
    await expect(late).rejects.toThrow('Somebody else has just rotated the secret jwt');
    expect(kept('arn:jwt')['current']).toBe('of the one');
  });

  it.each([[[]], [['--secret', 'admin']]])('shows its usage for %j', async (args) => {
    const { code, error } = await runRotateSecret(args);
    expect({ code, error }).toEqual({ code: 64, error: expect.stringContaining('Usage:') });
  });
});

describe('npm run empty-anchors', () => {
  it('refuses where anchors are locked for good, and where there is another way', async () => {
    expect(await runEmptyAnchors(['--stage', 'prod'])).toEqual({ code: 1, error: expect.stringContaining('locked') });
    expect(await runEmptyAnchors(['--local'])).toEqual({ code: 1, error: expect.stringContaining('--reset') });
  });

  it('says when the stage has no bucket of anchors', async () => {
    const { code, error } = await runEmptyAnchors([]);
    expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining('zerosum-dev-data has no Anchors') });
  });
});
