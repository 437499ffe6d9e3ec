/** The document with these tables between their marks. Throws when one has no place in it. */
export function inDocument(document: string, tables: ReadonlyMap<string, string>): string {
  let text = document;
  for (const [name, table] of tables) {
    const marks = { begin: `<!-- table: ${name} -->`, end: `<!-- end: ${name} -->` };
    const [begin, end] = [text.indexOf(marks.begin), text.indexOf(marks.end)];
    if (begin < 0 || end < begin) throw new Error(`The document has no place for the table ${name}.`);
    text = `${text.slice(0, begin + marks.begin.length)}\n\n${table}\n\n${text.slice(end)}`;
  }
  return text;
}
