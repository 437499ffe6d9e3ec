import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { clientTypes } from '../../client/types/generate.ts';

it('has the types of the OpenAPI document as it is: else run `npm run client-types`', async () => {
  const written = readFileSync(new URL('../../client/types/api.ts', import.meta.url), 'utf8');
  expect(written).toBe(await clientTypes());
});
