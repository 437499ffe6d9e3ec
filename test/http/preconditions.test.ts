import { describe, expect, it } from 'vitest';
import { etagOf, requireMatch } from '../../lambdas/http/preconditions.ts';
import { Problem } from '../../lambdas/http/problem.ts';
import { httpRequest } from '../support/http-requests.ts';

const second = etagOf(2);

/** 200: the change may go on. */
function statusOf(headers: Record<string, string>, current: typeof second | undefined): number {
  try {
    requireMatch(httpRequest('PUT', '/things', { headers }), current);
    return 200;
  } catch (error) {
    if (error instanceof Problem) return error.status;
    throw error;
  }
}

it('makes a strong entity tag of a revision', () => {
  expect(etagOf(2)).toBe('"2"');
});

describe('a change of what exists', () => {
  it.each([
    ['"2"', 200],
    [' "2" ', 200],
    ['"1", "2","3"', 200],
    ['"1","2"', 200],
    ['*', 200],
    ['"1"', 412],
    ['"22"', 412],
    ['"1", "3"', 412],
    // Weak tags never match where something is changed (RFC 9110, 8.8.3.2).
    ['W/"2"', 412],
    ['W/"2", W/"2"', 412],
    ['"1", W/"2"', 412],
    ['W/"1", "2"', 200],
    // No tags at all.
    ['2', 412],
    ["'2'", 412],
    ['', 412],
    ['"2', 412],
    ['w/"2"', 412],
    ['W/ "2"', 412],
    ['2"2"', 412],
    ['"1"; "2"', 412],
    ['**', 412],
  ])('with If-Match %s is answered %i', (ifMatch, status) => {
    expect(statusOf({ 'if-match': ifMatch }, second)).toBe(status);
  });

  it('is told to say which state it means, and that it exists when it says that it does not', () => {
    expect(statusOf({}, second)).toBe(428);
    expect(statusOf({ 'if-none-match': '"1"' }, second)).toBe(428);
    expect(statusOf({ 'if-none-match': '*' }, second)).toBe(412);
  });

  it('must fit both headers when both are sent', () => {
    expect(statusOf({ 'if-match': '"2"', 'if-none-match': '"2"' }, second)).toBe(412);
    expect(statusOf({ 'if-match': '"2"', 'if-none-match': '"1"' }, second)).toBe(200);
    expect(statusOf({ 'if-match': '"1"', 'if-none-match': '"1"' }, second)).toBe(412);
    expect(statusOf({ 'if-match': '*', 'if-none-match': 'W/"2"' }, second)).toBe(412);
  });
});

describe('a change of what does not exist', () => {
  it.each([
    [{ 'if-none-match': '*' }, 200],
    [{ 'if-none-match': ' * ' }, 200],
    [{ 'if-match': '*' }, 412],
    [{ 'if-match': '"2"' }, 412],
    [{}, 428],
  ])('with %o is answered %i', (headers, status) => {
    expect(statusOf(headers as Record<string, string>, undefined)).toBe(status);
  });
});
