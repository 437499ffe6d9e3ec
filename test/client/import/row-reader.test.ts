import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldMap } from '../../../client/import/field-map.ts';
import { ImportError } from '../../../client/import/import-error.ts';
import { RECORD_MAX_BYTES } from '../../../client/import/row-reader.ts';
import { cut, readOptions, rowsOf } from './rows.ts';

const csv = readOptions('usage.csv');
const ndjson = readOptions('usage.ndjson');
const json = readOptions('usage.json');

/** What rows are, briefly: an event, or the fields at fault. */
async function read(text: string | Buffer, options = csv) {
  return (await rowsOf([text], options)).map(({ line, reading }) => [
    line,
    reading.event ?? reading.faults?.map(({ field, message }) => `${field} ${message}`),
  ]);
}

describe('CSV', () => {
  it('names the columns by its header, in any order, with others between them', async () => {
    const text =
      'note,quantity,metric,event_date,idempotency_key\nx,7,api_call,2026-11-01T00:00:00Z,k\ny,8,api_call,,\n';
    expect(await read(text)).toEqual([
      [2, { metric: 'api_call', quantity: 7, eventDate: '2026-11-01T00:00:00Z', idempotencyKey: 'k' }],
      [3, { metric: 'api_call', quantity: 8 }],
    ]);
  });

  it('reads what spreadsheets write: a byte order mark, CRLF, quotes, line ends in quotes, blank lines', async () => {
    const text = '\ufeff"metric",quantity,note\r\n"api_call","7","a ""b"",\r\nc"\r\n\r\napi_call, 8 ,\r\n';
    expect(await read(text)).toEqual([
      [2, { metric: 'api_call', quantity: 7 }],
      [5, { metric: 'api_call', quantity: 8 }],
    ]);
  });

  it('finds fields under other names, and between other delimiters', async () => {
    const map = fieldMap(['metric=product', 'quantity=units used']);
    expect(await read('product;units used\napi_call;7', readOptions('x.csv', { map, delimiter: ';' }))).toEqual([
      [2, { metric: 'api_call', quantity: 7 }],
    ]);
    expect(await read('metric\tquantity\na,b\t7', readOptions('x.tsv'))).toEqual([[2, { metric: 'a,b', quantity: 7 }]]);
  });

  it.each(['1000000000000', '7.0', '007'])('takes the quantity %s', async (text) => {
    expect(await read(`metric,quantity\napi_call,${text}`)).toEqual([
      [2, { metric: 'api_call', quantity: Number(text) }],
    ]);
  });

  it.each(['1000000000001', '0', '-1', '1.5', '1e3', '1,000', '', 'seven', '9'.repeat(40)])(
    'takes no quantity %j',
    async (text) => {
      const fault = 'quantity must be an integer from 1 to 1000000000000';
      expect(await read(`metric,quantity\napi_call,"${text}"`)).toEqual([[2, [fault]]]);
    },
  );

  it('rejects a row alone: too few columns, too many, a quote in the middle, one that is not closed', async () => {
    const text = 'metric,quantity\napi_call\napi_call,1,2\napi"call,3\napi_call,4\n"api_call,5\n';
    expect(await read(text)).toEqual([
      [2, ['row has 1 columns, and the header 2']],
      [3, ['row has 3 columns, and the header 2']],
      [4, ['row is no CSV: a quote is not closed, or stands within a field without quotes']],
      [5, { metric: 'api_call', quantity: 4 }],
      [6, ['row is no CSV: a quote is not closed, or stands within a field without quotes']],
    ]);
  });

  it.each([
    ['metric,metric,quantity\n', 'names "metric" 2 times'],
    [
      'metric,amount\n',
      'has no "quantity": say which column it is with --map quantity=COLUMN. It has "metric", "amount"',
    ],
    ['api_call;7\n', 'give --delimiter ";"'],
    ['"metric\n', 'is no CSV'],
    ['\xff\xfem\0', 'UTF-16'],
    ['\x1f\x8b', 'compressed'],
    ['PK\x03\x04', 'spreadsheet'],
  ])('refuses a file of no use: %j', async (text, why) => {
    await expect(read(Buffer.from(text, 'latin1'))).rejects.toThrow(why);
    await expect(read(Buffer.from(text, 'latin1'))).rejects.toThrow(ImportError);
  });

  it('takes columns named like what objects have for columns', async () => {
    const text = '__proto__,constructor,metric,quantity,toString\n{},x,api_call,7,y\n';
    expect(await read(text)).toEqual([[2, { metric: 'api_call', quantity: 7 }]]);
  });

  it('gives back any table that was written as RFC 4180 has it', async () => {
    const metric = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 16 }).map((text) => `m${text}m`);
    const rows = fc.array(
      fc.record({ metric, quantity: fc.integer({ min: 1, max: 10 ** 12 }), note: fc.string({ unit: 'binary' }) }),
    );
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n'), async (table, newline) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const lines = table.map((row) => [quoted(row.metric), row.quantity, quoted(row.note)].join(','));
        const found = await rowsOf([['metric,quantity,note', ...lines].join(newline)], csv);
        expect(found.map(({ reading }) => reading.event)).toEqual(
          table.map(({ metric, quantity }) => ({ metric, quantity })),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('JSON', () => {
  it('reads lines, of which each is judged alone', async () => {
    const text =
      '{"metric":"api_call","quantity":7}\n\n{"metric":"api_call"\n[1]\n{"metric":"api_call","quantity":"8"}';
    expect(await read(text, ndjson)).toEqual([
      [1, { metric: 'api_call', quantity: 7 }],
      [3, ['row must be JSON']],
      [4, ['row must be a JSON object']],
      [5, { metric: 'api_call', quantity: 8 }],
    ]);
  });

  it('reads an array of any shape as its elements', async () => {
    const text = ' [\n {"metric":"a]b","quantity":7,"x":[{"y":"\\"]"}]},\n{"metric":"c","quantity":8}\n]\n';
    expect(await read(text, json)).toEqual([
      [2, { metric: 'a]b', quantity: 7 }],
      [3, { metric: 'c', quantity: 8 }],
    ]);
    expect(await read('[]', json)).toEqual([]);
    expect(await read('[ ]\n', json)).toEqual([]);
  });

  it('tells of an array that was cut off', async () => {
    const [whole, half, end] = await read('[{"metric":"a","quantity":7},{"metric":"b","quan', json);
    expect(whole?.[1]).toEqual({ metric: 'a', quantity: 7 });
    expect(half?.[1]).toEqual(['row must be JSON']);
    expect(end?.[1]).toEqual(['file ends within its array: it was cut off, so get it again']);
  });

  it('reads CloudEvents in an array or in lines, and wants of them what CloudEvents want', async () => {
    const event = {
      specversion: '1.0',
      id: 'i',
      source: '/m',
      type: 'api_call',
      time: '2026-11-01T00:00:00Z',
      data: { quantity: 7 },
    };
    const usage = { metric: 'api_call', quantity: 7, idempotencyKey: 'i', eventDate: '2026-11-01T00:00:00Z' };
    expect(await read(JSON.stringify([event]), json)).toEqual([[1, usage]]);
    expect(await read(JSON.stringify(event), ndjson)).toEqual([[1, usage]]);
    expect(
      await read('{"type":"api_call","data":{"quantity":0}}', readOptions('x', { format: 'cloudevents' })),
    ).toEqual([
      [
        1,
        [
          'specversion must be "1.0"',
          "id must be the event's own id",
          'source must not be empty',
          'data.quantity must be an integer from 1 to 1000000000000',
        ],
      ],
    ]);
  });

  it('reads what an import rejected by its mended event', async () => {
    const line = {
      line: 3,
      status: 400,
      row: 'x',
      event: { metric: 'api_call', quantity: '7', idempotency_key: 'row-1' },
    };
    const rejects = readOptions('usage.csv.rejects.ndjson');
    expect(await read(`${JSON.stringify(line)}\n{"line":4}`, rejects)).toEqual([
      [1, { metric: 'api_call', quantity: 7, idempotencyKey: 'row-1' }],
      [2, expect.arrayContaining(['event must be the event as it should be sent: mend it in the file'])],
    ]);
  });

  it('survives what is nested beyond measure', async () => {
    const depth = 60_000;
    const deep = `{"metric":"a","quantity":1,"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect((await read(deep, ndjson))[0]?.[1]).toEqual(['row is nested too deeply']);
  });

  it.each(['{"__proto__":{"metric":"a","quantity":1}}', '{"constructor":1}', 'null'])(
    'finds no event in %s',
    async (text) => {
      expect((await rowsOf([text], ndjson))[0]?.reading.event).toBeUndefined();
    },
  );
});

describe('any file', () => {
  it('rejects bytes that are no UTF-8, NUL, and lone surrogates, each alone', async () => {
    const bytes = Buffer.concat([
      Buffer.from('metric,quantity\nap\0,1\n'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(',2\na,3'),
    ]);
    expect(await read(bytes)).toEqual([
      [2, ['metric must be a metric of the price book, 1 to 64 bytes']],
      [3, ['row must be UTF-8']],
      [4, { metric: 'a', quantity: 3 }],
    ]);
    expect((await read('{"metric":"\\ud800","quantity":1}', ndjson))[0]?.[1]).toHaveLength(1);
  });

  it('bounds what is kept of a line without end, and goes on behind it', async () => {
    const long = 'x'.repeat(RECORD_MAX_BYTES + 1);
    const rows = await rowsOf([`metric,quantity\n${long}\na,3\n"${long}\na,4\n`], csv);
    expect(rows.map(({ line, text, reading }) => [line, text.length < 300, reading.event?.quantity])).toEqual([
      [2, true, undefined],
      [3, true, 3],
      [4, true, undefined],
      [5, true, 4],
    ]);
    expect(rows[0]?.reading.faults?.[0]?.message).toContain('is longer than 262144 bytes');
  });

  it('asks for the format when neither name nor content tells it', async () => {
    await expect(read('metric,quantity', readOptions('-'))).rejects.toThrow('--format csv');
    expect(await read('{"metric":"a","quantity":1}', readOptions('-'))).toHaveLength(1);
    expect(await read('[{"metric":"a","quantity":1}]', readOptions('-'))).toHaveLength(1);
  });

  it('gives the same rows however its bytes arrive', async () => {
    const texts: Record<string, string> = {
      'x.csv': '\ufeffmetric,quantity,note\r\na,1,"ü\n""€"\r\n"b",2,\u{1f600}\nbad\n"open,3',
      'x.ndjson': '{"metric":"ü","quantity":1}\r\n\n{bad\n{"metric":"€","quantity":2}',
      'x.json': '[{"metric":"a\\"]","quantity":1} , {"metric":"b","quantity":[2]}]x',
      'long.csv': `metric,quantity\n"${'y\n'.repeat(RECORD_MAX_BYTES / 2)}\n"a,",1\nb,2\n`,
    };
    const places = fc.array(fc.nat(2 ** 20), { maxLength: 12 });
    for (const [name, text] of Object.entries(texts)) {
      const whole = await rowsOf([text], readOptions(name));
      expect(whole.length).toBeGreaterThan(1);
      await fc.assert(
        fc.asyncProperty(places, async (cuts) => {
          expect(await rowsOf(cut(Buffer.from(text), cuts), readOptions(name))).toEqual(whole);
        }),
        { numRuns: name === 'long.csv' ? 10 : 60 },
      );
    }
  });
});
