import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../lambdas/environment.ts';

const read = (list: string | undefined) => readEnvironment(['CORS_ORIGINS'], { CORS_ORIGINS: list }).CORS_ORIGINS;

describe('the list of origins', () => {
  it('is empty unless it is set, and else what it says', () => {
    expect(read(undefined)).toEqual([]);
    expect(read('https://app.example.com')).toEqual(['https://app.example.com']);
    expect(read('https://a.example,http://localhost:5173')).toEqual(['https://a.example', 'http://localhost:5173']);
  });

  it.each([
    '',
    '*',
    'https://*.example.com',
    'https://a.example/',
    'a.example',
    'https://a.example, https://b.example',
    'null',
  ])('may not be %j: a function with a list that can match nothing, or everything, does not start', (list) => {
    expect(() => read(list)).toThrow("This function's environment is wrong: CORS_ORIGINS is malformed.");
  });
});
