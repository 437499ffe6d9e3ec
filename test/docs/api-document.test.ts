import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apiDocument } from '../../lambdas/docs/document.ts';
import { operations } from '../../lambdas/docs/operations.ts';
import { PAGE_SECURITY_POLICY, renderPage } from '../../lambdas/docs/page/page.ts';
import { routes } from '../../lambdas/http/routes.ts';

const document = apiDocument();

describe('the document', () => {
  it('describes every route but that of what the console loads, and no other', () => {
    const files: string = routes.consoleFile.path;
    expect(Object.keys(document.paths).sort()).toEqual(
      Object.values(routes)
        .map(({ path }) => path as string)
        .filter((path) => path !== files)
        .sort(),
    );
    expect(Object.keys(document.paths).sort()).toEqual(
      operations
        .map(({ route }) => routes[route].path as string)
        .filter(isFirst)
        .sort(),
    );
  });

  it('names each operation and each of its examples once', () => {
    expect(operations.map(({ id }) => id).filter(isFirst)).toHaveLength(operations.length);
    for (const { id, examples } of operations) {
      expect(examples.map(({ name }) => name).filter(isFirst), id).toHaveLength(examples.length);
      expect(examples.map(({ summary }) => summary).filter(isFirst), id).toHaveLength(examples.length);
    }
  });

  it('has an example of every answer that is no refusal', () => {
    for (const { id, answers, examples } of operations) {
      const shown = new Set(examples.map(({ status }) => String(status)));
      expect(
        Object.keys(answers).filter((status) => !shown.has(status)),
        id,
      ).toEqual([]);
    }
  });
});

it('says of every field of every body what it is', () => {
  const bare = Object.entries(document.components.schemas).flatMap(([name, schema]) =>
    Object.entries((schema['properties'] ?? {}) as Record<string, object>)
      .filter(([, property]) => !/"(?:description|\$ref|const)":/.test(JSON.stringify(property)))
      .map(([field]) => `${name}.${field}`),
  );
  expect(bare).toEqual([]);
});

describe('the page', () => {
  const page = renderPage(document);

  it('has an anchor and a command for each operation', () => {
    for (const { id, examples } of operations) {
      expect(page).toContain(`<h3 id="${id}">`);
      expect(page).toContain(`href="#${id}"`);
      for (const { summary } of examples) expect(page).toContain(`Command: ${summary.replaceAll('"', '&quot;')}`);
    }
  });

  it('links to nothing that is not there, and gives no two things one id', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(ids.filter(isFirst)).toEqual(ids);
    const targets = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)].map((match) => match[1] ?? '');
    expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  });

  it('runs and loads nothing: its own style is all its policy lets it use', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(| on\w+="| style="/i);
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(PAGE_SECURITY_POLICY).toContain(`default-src 'none'; style-src 'sha256-${hash}';`);
  });

  it('shows text as text', () => {
    const hostile = { ...document, info: { ...document.info, description: '<b>&"`</b>`' } };
    expect(renderPage(hostile)).toContain('<p>&lt;b&gt;&amp;&quot;<code>&lt;/b&gt;</code></p>');
  });

  it('has headings without gaps', () => {
    const levels = [...page.matchAll(/<h([1-6])/g)].map((match) => Number(match[1]));
    const gaps = levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1);
    expect(gaps).toEqual([]);
  });
});

function isFirst<Value>(value: Value, index: number, all: readonly Value[]): boolean {
  return all.indexOf(value) === index;
}
