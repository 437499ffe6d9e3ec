import fc from 'fast-check';
import { dates, keys, type MemberJson, metrics, noObjects, quantities } from '../../support/hostile-values.ts';

const MAX_DEPTH = 20_000;

/** JSON texts that are trouble wherever they stand. */
const anywhere: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['null', 'true', '[]', '{}', '""', '0', '-0', '1e400', '-1e400', '1e-400', '0.1', '"\\u0000"', '"\\ud800"'],
    ...['"__proto__"', '{"__proto__":{"a":1}}', '9007199254740993', '9'.repeat(400), `"${'x'.repeat(100_000)}"`],
    ...['"\\ufeff"', '"..\\/..\\/etc"', '"\' OR 1=1 --"', '"#"', '"tenant_alpha#3"', '"*"'],
  ),
  fc.integer({ min: 1, max: MAX_DEPTH }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.integer({ min: 1, max: MAX_DEPTH / 4 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);

/** A member's value as JSON text, hostile to what a field of this name is; undefined leaves the member out. */
export function hostileMember(name: string): fc.Arbitrary<MemberJson> {
  const own = ownValues(name);
  return own.length === 0 ? anywhere : fc.oneof(anywhere, fc.constantFrom(...own));
}

function ownValues(name: string): readonly MemberJson[] {
  if (name === 'quantity' || name === 'amount_minor') return [...quantities.refused, ...quantities.accepted];
  if (name === 'metric' || name === 'type') return metrics.refused;
  if (name === 'event_date' || name === 'time') {
    const { accepted, refused } = dates(Date.now());
    return [...accepted, ...refused];
  }
  return [...keys.refused, ...keys.accepted];
}

type Members = readonly (readonly [name: string, json: string])[];

/** An object's text; a name may stand in it twice. */
export function objectText(members: Members): string {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}

/** The members of a value that is an object, each as JSON. */
export function membersOf(value: object): [name: string, json: string][] {
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, JSON.stringify(member)]);
}

const extraNames = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  '',
  'x',
  'tenant_id',
  'admin',
  'status',
  '\ud800',
  '$ref',
);

/** An object's text, and one that is it no more. */
export function mutatedObject(members: Members): fc.Arbitrary<string> {
  if (members.length === 0) return anywhere;
  const at = fc.nat({ max: members.length - 1 });
  const replaced = at.chain((index) =>
    hostileMember(members[index]?.[0] ?? '').map((json) =>
      members.flatMap(([name, old], place): [string, string][] => {
        if (place !== index) return [[name, old]];
        return json === undefined ? [] : [[name, json]];
      }),
    ),
  );
  const doubled = at.chain((index) => {
    const name = members[index]?.[0] ?? '';
    return hostileMember(name).map((json): Members => (json === undefined ? members : [...members, [name, json]]));
  });
  const extended = fc.tuple(extraNames, anywhere).map((extra): Members => [extra, ...members]);
  return fc.oneof({ arbitrary: replaced, weight: 4 }, doubled, extended).map(objectText);
}

/** Bytes that are no JSON in UTF-8, or were until something happened to them. */
export function brokenBody(text: string): fc.Arbitrary<Buffer> {
  const bytes = Buffer.from(text);
  return fc.oneof(
    fc.constantFrom(...noObjects).map((body) => Buffer.from(body)),
    fc.nat({ max: bytes.length }).map((end) => bytes.subarray(0, end)),
    fc.tuple(fc.nat({ max: Math.max(0, bytes.length - 1) }), fc.nat({ max: 255 })).map(([at, byte]) => {
      const copy = Buffer.from(bytes);
      copy[at] = byte;
      return copy;
    }),
    fc.uint8Array({ maxLength: 200 }).map((random) => Buffer.from(random)),
    fc.constantFrom('\ufeff', ' ', '\n', '//x\n', '\0').map((before) => Buffer.from(before + text)),
    fc.constantFrom('utf16le', 'latin1').map((encoding) => Buffer.from(text, encoding as BufferEncoding)),
  );
}
