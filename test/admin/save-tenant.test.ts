import { describe, expect, it } from 'vitest';
import { saveTenant } from '../../lambdas/admin/tenants/save-tenant.ts';
import type { TenantId } from '../../lambdas/domain/ids.ts';
import type { RevisionWrite } from '../../lambdas/storage/revision.ts';
import type { Tenant } from '../../lambdas/storage/tenants.ts';
import { tenantId } from '../support/events.ts';
import { httpRequest } from '../support/http-requests.ts';

const tenant = tenantId('gamma');

function world(initial?: Tenant) {
  const world = { stored: initial, puts: 0, beforePut: () => {} };
  const ports = {
    tenants: { find: async () => world.stored },
    writer: {
      putTenant: async (_: TenantId, name: string, { after }: RevisionWrite) => {
        world.beforePut();
        world.beforePut = () => {};
        if ((world.stored?.revision ?? 0) !== after) return false;
        world.stored = { name, revision: after + 1 };
        world.puts += 1;
        return true;
      },
    },
  };
  const save = async (name: string, headers: Record<string, string> = {}) => {
    const request = httpRequest('POST', '/tenants', { headers });
    return saveTenant({ tenant, name }, request, ports).then(
      (answer) => [answer.status, answer.headers?.['etag'], answer.effect],
      ({ status }) => [status],
    );
  };
  return Object.assign(world, { save });
}

describe('a tenant', () => {
  it('is created once, and answered alike when it is asked for again', async () => {
    const gamma = world();
    expect(await gamma.save('Gamma')).toEqual([201, '"1"', { revision: '1' }]);
    expect(await gamma.save('Gamma')).toEqual([201, '"1"', undefined]);
    expect(gamma.puts).toBe(1);
  });

  it('is not renamed by who does not say that it means to', async () => {
    const gamma = world({ name: 'Gamma', revision: 3 });
    expect(await gamma.save('Other')).toEqual([428]);
    expect(await gamma.save('Other', { 'if-match': '"2"' })).toEqual([412]);
    expect(await gamma.save('Other', { 'if-none-match': '*' })).toEqual([412]);
    expect(gamma.stored).toEqual({ name: 'Gamma', revision: 3 });
    expect(await gamma.save('Other', { 'if-match': '"3"' })).toEqual([
      ...[200, '"4"', { revision: '4', previous_name: 'Gamma' }],
    ]);
    expect(await gamma.save('Third', { 'if-match': '*' })).toEqual([
      ...[200, '"5"', { revision: '5', previous_name: 'Other' }],
    ]);
  });

  it('that is so already needs no writing, but the caller must have seen it', async () => {
    const gamma = world({ name: 'Gamma', revision: 3 });
    expect(await gamma.save('Gamma', { 'if-match': '"3"' })).toEqual([200, '"3"', undefined]);
    expect(await gamma.save('Gamma', { 'if-match': '"2"' })).toEqual([412]);
    expect(await gamma.save('Gamma', { 'if-none-match': '*' })).toEqual([412]);
    expect(gamma.puts).toBe(0);
  });

  it('that does not exist can be created on that condition, and not changed', async () => {
    expect(await world().save('Gamma', { 'if-match': '*' })).toEqual([412]);
    expect(await world().save('Gamma', { 'if-match': '"1"' })).toEqual([412]);
    expect(await world().save('Gamma', { 'if-none-match': '*' })).toEqual([201, '"1"', { revision: '1' }]);
  });

  it.each([
    ['the same name', 'Gamma', {}, [201, '"1"', undefined]],
    ['another name', 'Other', {}, [428]],
    ['any name, to who wanted to be first', 'Gamma', { 'if-none-match': '*' }, [412]],
  ])('that somebody else creates meanwhile under %s is answered so', async (_, theirs, headers, answer) => {
    const gamma = world();
    gamma.beforePut = () => {
      gamma.stored = { name: theirs, revision: 1 };
    };
    expect(await gamma.save('Gamma', headers as Record<string, string>)).toEqual(answer);
  });

  it('that somebody else renames meanwhile is a 412', async () => {
    const gamma = world({ name: 'Gamma', revision: 1 });
    gamma.beforePut = () => {
      gamma.stored = { name: 'Theirs', revision: 2 };
    };
    expect(await gamma.save('Ours', { 'if-match': '"1"' })).toEqual([412]);
    expect(gamma.stored).toEqual({ name: 'Theirs', revision: 2 });
  });
});
