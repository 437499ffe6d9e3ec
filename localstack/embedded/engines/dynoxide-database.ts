import { existsSync } from 'node:fs';
import { writeAtomically } from '../data/atomic-file.ts';

/** The smallest of SQLite's file format that holds three empty tables (SQLite, "Database File Format"). */
const PAGE_BYTES = 4_096;
const HEADER_BYTES = 100;
const TABLE_LEAF = 0x0d;
const INDEX_LEAF = 0x0a;
const WRITER_VERSION = 3_040_001;

/**
 * dynoxide's table of stream records, word for word, and the index it lacks: without it every write to a table with a
 * stream reads all records there ever were, to find the last one's number (docs/adr/0006-streams-here.md).
 */
const SCHEMA = [
  {
    type: 'table',
    name: '_stream_records',
    table: '_stream_records',
    sql: `CREATE TABLE _stream_records (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                table_name TEXT NOT NULL,
                event_name TEXT NOT NULL,
                keys_json TEXT NOT NULL,
                new_image TEXT,
                old_image TEXT,
                sequence_number TEXT NOT NULL,
                shard_id TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                user_identity TEXT
            )`,
  },
  { type: 'table', name: 'sqlite_sequence', table: 'sqlite_sequence', sql: 'CREATE TABLE sqlite_sequence(name,seq)' },
  {
    type: 'index',
    name: 'stream_records_by_sequence',
    table: '_stream_records',
    sql: `CREATE INDEX stream_records_by_sequence ON _stream_records
            (table_name, CAST(sequence_number AS INTEGER), shard_id, sequence_number)`,
  },
] as const;

/** Gives dynoxide a new database to start from, unless there is one; it creates all else in it itself. */
export function prepareDatabase(file: string): void {
  if (existsSync(file)) return;
  const roots = SCHEMA.map(({ type }) => leafPage(type === 'table' ? TABLE_LEAF : INDEX_LEAF, []));
  writeAtomically(file, Buffer.concat([schemaPage(), ...roots]));
}

/** The first page: the file's header, then the schema table with a row for each object, whose pages follow in order. */
function schemaPage(): Buffer {
  const rows = SCHEMA.map(({ type, name, table, sql }, at) => {
    const payload = record([type, name, table, at + 2, sql]);
    return Buffer.concat([varint(payload.length), varint(at + 1), payload]);
  });
  const page = leafPage(TABLE_LEAF, rows, HEADER_BYTES);
  page.write('SQLite format 3\0', 0, 'latin1');
  page.writeUInt16BE(PAGE_BYTES, 16);
  // Rollback journal (dynoxide switches to its own), no reserved bytes, the only allowed payload fractions.
  page.set([1, 1, 0, 64, 32, 32], 18);
  const words: readonly (readonly [offset: number, value: number])[] = [
    [24, 1], // change counter
    [28, SCHEMA.length + 1], // pages
    [40, 1], // schema cookie
    [44, 4], // schema format
    [56, 1], // UTF-8
    [92, 1], // the change counter for which the version below holds
    [96, WRITER_VERSION],
  ];
  for (const [offset, value] of words) page.writeUInt32BE(value, offset);
  return page;
}

/** A leaf page with its cells packed at the end; `start` leaves room for the file's header. */
function leafPage(kind: number, cells: readonly Buffer[], start = 0): Buffer {
  const page = Buffer.alloc(PAGE_BYTES);
  let end = PAGE_BYTES;
  for (const [at, cell] of cells.entries()) {
    end -= cell.length;
    cell.copy(page, end);
    page.writeUInt16BE(end, start + 8 + 2 * at);
  }
  page[start] = kind;
  page.writeUInt16BE(cells.length, start + 3);
  page.writeUInt16BE(end, start + 5);
  return page;
}

/** A row: its columns' types, then their values; text, and whole numbers below 128. */
function record(values: readonly (string | number)[]): Buffer {
  const types = Buffer.concat(
    values.map((value) => varint(typeof value === 'number' ? 1 : 13 + 2 * Buffer.byteLength(value))),
  );
  const columns = values.map((value) => (typeof value === 'number' ? Buffer.of(value) : Buffer.from(value)));
  return Buffer.concat([varint(types.length + 1), types, ...columns]);
}

/** Big-endian groups of seven bits, all but the last marked; two groups are enough here. */
function varint(value: number): Buffer {
  return value < 0x80 ? Buffer.of(value) : Buffer.of(0x80 | (value >> 7), value & 0x7f);
}
