/** A member's value as JSON text; undefined leaves the member out. */
export type MemberJson = string | undefined;

export interface HostileValues {
  readonly accepted: readonly MemberJson[];
  readonly refused: readonly MemberJson[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const json = JSON.stringify;

/** No value of a text member. */
const NO_TEXT = ['7', 'null', '[]', '{}', 'true', undefined] as const;

/** Texts no table could keep as they are. */
const UNKEEPABLE = ['""', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00x"'] as const;

export const quantities: HostileValues = {
  accepted: ['1', '1.0', '1e3', '1E+2', '12.5e1', '999999999999', '1000000000000', '1e12'],
  refused: [
    ...['0', '0.0', '-0', '-0.0', '-1', '1.5', '1e-1', '1e-400', '1000000000001', '1e13', '9007199254740993'],
    ...['1e400', '-1e400', '9'.repeat(400), '"7"', '""', '"1e3"', 'null', 'true', '[1]', '{"value":1}', undefined],
  ],
};

/** At the limit of 200 bytes, in characters of one to four of them, and one byte above. */
export const keys: HostileValues = {
  accepted: [
    ...['x'.repeat(199), 'x'.repeat(200), `${'é'.repeat(99)}xx`, `${'€'.repeat(66)}xx`, '💶'.repeat(50)].map((key) =>
      json(key),
    ),
    ...['"a/b %2F#?&"', '"\\u0001"', '"\\ufffe\\uffff"', '"__proto__"', '"constructor"', '"\\ud83d\\udcb6"', '"api:x"'],
  ],
  refused: [
    ...['x'.repeat(201), 'é'.repeat(101), '€'.repeat(67), `${'💶'.repeat(50)}x`, 'x'.repeat(100_000)].map((key) =>
      json(key),
    ),
    ...UNKEEPABLE,
    ...NO_TEXT,
  ],
};

export const metrics: HostileValues = {
  accepted: ['"api_call"', '"storage_gb_hour"', '"\\u0061pi_call"'],
  refused: [
    ...['"__proto__"', '"toString"', '"constructor"', '"hasOwnProperty"', '"API_CALL"', '" api_call"', '"coffee"'],
    ...['x'.repeat(64), 'x'.repeat(65), '€'.repeat(22), 'x'.repeat(100_000)].map((metric) => json(metric)),
    ...UNKEEPABLE,
    ...NO_TEXT,
  ],
};

/** Within a minute of the limits: a real clock goes on while a request is under way. */
export function dates(nowMs: number): HostileValues {
  const yearAgo = new Date(nowMs);
  yearAgo.setUTCFullYear(yearAgo.getUTCFullYear() - 1);
  const at = (ms: number) => json(new Date(ms).toISOString());
  const [day] = new Date(nowMs).toISOString().split('T');
  return {
    accepted: [
      ...[at(nowMs), at(nowMs + DAY_MS - MINUTE_MS), at(yearAgo.getTime() + MINUTE_MS), undefined],
      ...[`"${day}T00:00:00Z"`, `"${day}t00:00:00.123456789z"`, `"${day}T00:00:00+23:59"`, `"${day}T00:00:00-00:00"`],
    ],
    refused: [
      ...[
        at(nowMs + DAY_MS + MINUTE_MS),
        at(yearAgo.getTime() - MINUTE_MS),
        '"0000-01-01T00:00:00Z"',
        '"9999-12-31T23:59:59Z"',
      ],
      ...[
        '""',
        '"now"',
        `"${day}"`,
        `"${day}T00:00:00"`,
        `"${day}T00:00Z"`,
        `"${day} 00:00:00Z"`,
        `"${day}T24:00:00Z"`,
      ],
      ...[
        `"${day}T23:59:60Z"`,
        `"${day}T00:00:00+24:00"`,
        `"${day}T00:00:00.1234567890Z"`,
        `"${day}T00:00:00Z\\u0000"`,
      ],
      ...['"2026-02-30T00:00:00Z"', '"2026-13-01T00:00:00Z"', String(nowMs), 'null', '[]', '{}', 'true'],
    ],
  };
}

/** Whole bodies that are no JSON object in UTF-8. */
export const noObjects: readonly Uint8Array<ArrayBuffer>[] = [
  ...['', ' ', 'null', '7', '"x"', 'true', '[]', '{', '{}{}', '{"a":1},', "{'a':1}", '{"a":01}', 'NaN', '\0'].map(
    bytesOf,
  ),
  ...['['.repeat(100_000), '{"a":'.repeat(50_000), `{"a":"${'\u0001'}"}`].map(bytesOf),
  // Invalid UTF-8: a stray byte, an overlong slash, an encoded surrogate, a cut character; and another encoding.
  ...[[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe2, 0x82]].map((bad) =>
    Buffer.concat([bytesOf('{"a":"'), Buffer.from(bad), bytesOf('"}')]),
  ),
  Buffer.from('\ufeff{}', 'utf16le'),
];

function bytesOf(text: string): Buffer<ArrayBuffer> {
  return Buffer.from(text);
}
