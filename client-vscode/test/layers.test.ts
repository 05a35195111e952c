// No file of the sources needs another that needs it, be it only for a type: each can be read after those it names.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const SRC = join(import.meta.dirname, '../src');

/** One way through the files that ends where it began, for each file that such a way is found from. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) return void found.push([...way.slice(way.indexOf(file)), file].join(' → '));
    if (done.has(file)) return;
    for (const other of imports.get(file) ?? []) follow(other, [...way, file]);
    done.add(file);
  };
  for (const file of imports.keys()) follow(file, []);
  return found;
}

async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(SRC, file), 'utf8');
  return [...text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(([, path]) => join(dirname(file), path!));
}

test('circles are found', () => {
  const of = (imports: Record<string, string[]>): string[] => circles(new Map(Object.entries(imports)));
  assert.deepEqual(of({ a: ['b', 'c'], b: ['c'], c: [] }), []);
  assert.deepEqual(of({ a: ['b'], b: ['c'], c: ['b'] }), ['b → c → b']);
  assert.deepEqual(of({ a: ['a'] }), ['a → a']);
});

test('the sources have none', async () => {
  const files = (await readdir(SRC, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  const imports = new Map(await Promise.all(files.map(async (file) => [file, await importsOf(file)] as const)));
  for (const [file, others] of imports) for (const other of others) assert.ok(imports.has(other), `${file} imports ${other}`);
  assert.deepEqual(circles(imports), []);
});
