import fc from 'fast-check';
import type { Access } from '../../../lambdas/docs/operation.ts';
import { ownHeaders, standardHeaders } from '../../support/webhook-signer.ts';
import { type Credentials, unixSeconds } from './credentials.ts';
import type { FuzzRequest } from './exchange.ts';

/** How a request will be signed when it is sent: a signature is of the body and of the moment. */
export interface CredentialDraft {
  readonly name: string;
  readonly isRight: boolean;
  /** Of the tenant it speaks for; empty when it is nobody's. */
  readonly tenant: string;
  readonly headers: (body: Buffer) => Record<string, string>;
}

const STALE_SECONDS = 400;

/** Nobody's tokens: cut, of another form, unsigned, and signed with nothing. */
function garbled(token: string): string[] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
  return [
    ...['', 'Bearer', 'Bearer ', 'Bearer x', 'Bearer a.b.c', 'Bearer ..', `Basic ${token}`, token, `Bearer ${token}x`],
    ...[`Bearer ${header}.${payload}.`, `Bearer ${unsigned}.${payload}.`, `Bearer ${unsigned}.${payload}.${signature}`],
    ...[`Bearer ${token.slice(0, -4)}`, `Bearer ${token} ${token}`, `Bearer ${'x'.repeat(8_000)}`, 'Bearer zs_a_b'],
  ];
}

/** Mostly the credential an operation takes, and every other now and then. */
export function credentialDrafts(access: Access, credentials: Credentials): fc.Arbitrary<CredentialDraft> {
  const isRight = (kind: Access) => access === 'public' || access === kind;
  const bearers: CredentialDraft[] = [
    ...[...credentials.tenants].map(([tenant, token]) => bearer('tenant', tenant, token, isRight('tenant'))),
    bearer('admin', '', credentials.admin, isRight('admin')),
  ];
  const others = fc.oneof(
    fc.constantFrom(...bearers, { ...none, isRight: access === 'public' }),
    fc.constantFrom(...garbled(credentials.admin)).map((value) => garbledDraft(value, access)),
    ...(credentials.spent === undefined ? [] : [fc.constant(bearer('spent', ...credentials.spent, false))]),
  );
  const signed = access === 'webhook' ? signedDrafts(credentials) : undefined;
  const right = signed?.right ?? bearers.filter((draft) => draft.isRight);
  const usual = right.length === 0 ? [none] : right;
  const wrong = signed === undefined ? others : fc.oneof(others, fc.constantFrom(...signed.wrong));
  return fc.oneof({ arbitrary: fc.constantFrom(...usual), weight: 5 }, wrong);
}

const none: CredentialDraft = { name: 'none', isRight: false, tenant: '', headers: () => ({}) };

function bearer(name: string, tenant: string, token: string, isRight: boolean): CredentialDraft {
  return { name, isRight, tenant, headers: () => ({ authorization: `Bearer ${token}` }) };
}

function garbledDraft(value: string, access: Access): CredentialDraft {
  return { name: 'garbled', isRight: access === 'public', tenant: '', headers: () => ({ authorization: value }) };
}

function signedDrafts(credentials: Credentials): { right: CredentialDraft[]; wrong: CredentialDraft[] } {
  const { signer } = credentials;
  const draft = (isRight: boolean, headers: (body: Buffer) => Record<string, string>): CredentialDraft => ({
    ...{ name: 'signature', isRight, tenant: '', headers },
  });
  return {
    right: [
      draft(true, (body) => ownHeaders(signer, body, unixSeconds())),
      draft(true, (body) => standardHeaders(signer, body, unixSeconds())),
      draft(true, (body) => standardHeaders(signer, body, unixSeconds(), { otherSecrets: ['another'] })),
    ],
    wrong: [
      draft(false, (body) => ownHeaders({ ...signer, secret: 'another' }, body, unixSeconds())),
      draft(false, (body) => ownHeaders({ ...signer, keyId: 'whk_nobody' }, body, unixSeconds())),
      draft(false, (body) => ownHeaders(signer, body, unixSeconds() - STALE_SECONDS)),
      draft(false, (body) => ownHeaders(signer, body, unixSeconds() + STALE_SECONDS)),
      draft(false, (body) => ownHeaders(signer, body, 'now')),
      draft(false, (body) => ownHeaders(signer, Buffer.concat([body, Buffer.from(' ')]), unixSeconds())),
      draft(false, (body) => ({ ...ownHeaders(signer, body, unixSeconds()), 'x-signature': '' })),
      draft(false, (body) => ({ ...ownHeaders(signer, body, unixSeconds()), 'x-signature': '0'.repeat(64) })),
      draft(false, (body) => standardHeaders({ ...signer, secret: 'another' }, body, unixSeconds())),
      draft(false, (body) => ({ ...standardHeaders(signer, body, unixSeconds()), 'webhook-id': '' })),
    ],
  };
}

/** The request with its credential, signed now. */
export function signedRequest(request: FuzzRequest, credential: CredentialDraft): FuzzRequest {
  const headers = credential.headers(request.body ?? Buffer.alloc(0));
  return { ...request, headers: [...request.headers, ...Object.entries(headers)] };
}
