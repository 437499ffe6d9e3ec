import { suite } from './check.ts';
import type { Mutant } from './mutant.ts';

const storage = suite('storage/dynoxide');
const preconditions = suite('http/preconditions');
const prices = suite('domain/price-change', 'admin/change-prices');
const requests = suite('admin/price-request');
const tenants = suite('admin/save-tenant');
const currency = suite('read/balance');

const REVISION = 'lambdas/storage/revision.ts';
const PRECONDITIONS = 'lambdas/http/preconditions.ts';
const CHANGE = 'lambdas/domain/price-change.ts';
const PUT = 'lambdas/admin/prices/change-prices.ts';

/** Who is billed, and what usage costs: a change is of what its caller has seen, and of nothing in the past. */
export const configurationMutants: readonly Mutant[] = [
  {
    name: 'overwrites-whatever-revision-there-is',
    breaks: 'I5: of two administrators one undoes what the other did, and neither is told',
    file: REVISION,
    before: 'attribute_exists(pk) AND (${isUncounted}revision = :after)',
    after: 'attribute_exists(pk) AND (${isUncounted}revision >= :after)',
    checks: [storage],
  },
  {
    name: 'takes-any-put-of-one-request-id-for-its-own',
    breaks: 'I5: of two administrators who change the same both are told that it was them',
    file: REVISION,
    before: 'isDeepStrictEqual(plain(error.Item), asFound(Item))',
    after:
      "plain(error.Item)['request_id'] === requestId && plain(error.Item)['revision'] === asFound(Item)['revision']",
    checks: [storage],
  },
  {
    name: 'overwrites-a-price-version',
    breaks: 'I6: what was charged is no longer what its version says',
    file: 'lambdas/storage/config-writer.ts',
    before: '{ after: NO_REVISION, requestId }',
    after: '{ after: FIRST_REVISION, requestId }',
    checks: [storage],
  },
  {
    name: 'asks-for-no-condition',
    breaks: 'I5: an administrator who has read nothing overwrites what another has changed',
    file: PRECONDITIONS,
    before: '  if (!hasPrecondition(request)) throw preconditionRequired();\n',
    after: '',
    checks: [preconditions],
  },
  {
    name: 'takes-a-weak-tag-for-a-strong-one',
    breaks: 'I5: a change goes through that was made of another state',
    file: PRECONDITIONS,
    before: 'tags.includes(current)',
    after: 'tags.some((tag) => tag.endsWith(current))',
    checks: [preconditions],
  },
  {
    name: 'changes-the-currency',
    breaks: 'I6: a balance adds cents to pence',
    file: CHANGE,
    before: "  if (books.some((book) => book.currency !== currency)) return 'other_currency';\n",
    after: '',
    checks: [prices],
  },
  {
    name: 'changes-prices-in-the-past',
    breaks: 'I6: a version counts before anybody knew of it',
    file: CHANGE,
    before: 'effectiveAt !== undefined && isAfter(effectiveAt, now) ? effectiveAt : now',
    after: 'effectiveAt ?? now',
    checks: [prices],
  },
  {
    name: 'numbers-a-version-by-how-many-there-are',
    breaks: 'I6: prices can no longer be changed, or are another version’s',
    file: CHANGE,
    before: 'newestVersion(books) + 1',
    after: 'books.length + 1',
    checks: [prices],
  },
  {
    name: 'sells-before-the-layout-is-fixed',
    breaks: 'I2: a build with another layout looks for what is known elsewhere, and charges it again',
    file: PUT,
    before: '  if (books.length === 0) await writer.addLayout();\n',
    after: '',
    checks: [prices],
  },
  {
    name: 'sells-what-every-object-inherits',
    breaks: 'I6: usage of `__proto__` has a price in one place and none in another',
    file: 'lambdas/admin/prices/price-request.ts',
    before: 'inheritedNames.includes(name) ? undefined : parseMetric(name)',
    after: 'parseMetric(name)',
    checks: [requests],
  },
  {
    name: 'renames-whoever-is-created-again',
    breaks: 'I5: creating a tenant under a taken id renames another customer',
    file: 'lambdas/admin/tenants/save-tenant.ts',
    before: 'isConditional || (found !== undefined && !isSame)',
    after: 'isConditional',
    checks: [tenants],
  },
  {
    name: 'remembers-that-there-are-no-prices',
    breaks: 'I3: a tenant that was charged is told for half a minute that there is nothing to read',
    file: 'lambdas/read/currency.ts',
    before: 'priceBookAt(await config.priceBooks(), now) ?? priceBookAt(await config.freshPriceBooks(), now)',
    after: 'priceBookAt(await config.priceBooks(), now)',
    checks: [currency],
  },
];
