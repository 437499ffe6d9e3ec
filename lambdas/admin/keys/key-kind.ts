import type { Clock } from '../../clock.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { IssuedKey } from '../../domain/issued-key.ts';
import type { KeyPage, Revised } from '../../storage/key-register.ts';
import type { RevisionWrite } from '../../storage/revision.ts';

/** A key of any kind. */
export type AnyKey = IssuedKey<string, string>;

/** A new secret: what we keep of it, and what its owner gets to see this once. */
export interface NewSecret<Issued extends AnyKey> {
  readonly kept: Issued['current'];
  readonly shown: string;
}

/** In what the kinds of keys differ. */
export interface KeyKind<Issued extends AnyKey, Wish> {
  /** What the id of a key begins with that was not given one. */
  readonly idPrefix: string;
  readonly register: {
    find(keyId: string): Promise<Revised<Issued> | undefined>;
    page(page: KeyPage): Promise<{ keys: Revised<Issued>[]; hasMore: boolean }>;
    put(issued: Issued, write: RevisionWrite): Promise<boolean>;
  };
  /** A new secret for the key of this id. */
  readonly newSecret: (keyId: string) => Promise<NewSecret<Issued>>;
  /** What to keep of a secret from now on; undefined when what we have of it is good for nothing any more. */
  readonly keepOn: (issued: Issued) => Promise<Issued['current'] | undefined>;
  readonly create: (wish: Wish, key: AnyKey) => Issued;
  /** What to show of it besides what all kinds have. */
  readonly details: (issued: Issued) => object;
}

export interface KeyPorts {
  readonly tenants: { tenant(id: TenantId): Promise<object | undefined> };
  readonly clock: Clock;
  readonly newId: () => string;
}
