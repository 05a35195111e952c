// The sources in layers: no file needs another that needs it, be it only for a type, and no folder does. Each can be
// read after those it names.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { before, describe, test } from 'node:test';

const SRC = join(import.meta.dirname, '../src');

/** What each file, or folder, needs of the others. */
type Needs = ReadonlyMap<string, readonly string[]>;

/** One way that ends where it began, for each file that such a way is found from. */
function circles(needs: Needs): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) return void found.push([...way.slice(way.indexOf(file)), file].join(' → '));
    if (done.has(file)) return;
    for (const other of needs.get(file) ?? []) follow(other, [...way, file]);
    done.add(file);
  };
  for (const file of needs.keys()) follow(file, []);
  return found;
}

/** What folders need of each other; a file that is in none counts as one. */
function folders(needs: Needs): Needs {
  const of = (file: string): string => file.split(sep, 1)[0]!;
  const found = new Map<string, string[]>();
  for (const [file, others] of needs) found.set(of(file), [...(found.get(of(file)) ?? []), ...others.map(of).filter((other) => other !== of(file))]);
  return found;
}

async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(SRC, file), 'utf8');
  return [...text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(([, path]) => join(dirname(file), path!)).filter((path) => !path.endsWith('.json'));
}

test('circles are found, of files and of folders', () => {
  const of = (needs: Record<string, string[]>): Needs => new Map(Object.entries(needs));
  assert.deepEqual(circles(of({ a: ['b', 'c'], b: ['c'], c: [] })), []);
  assert.deepEqual(circles(of({ a: ['b'], b: ['c'], c: ['b'] })), ['b → c → b']);
  assert.deepEqual(circles(of({ a: ['a'] })), ['a → a']);
  const [one, two, three] = [join('x', '1'), join('y', '2'), join('x', '3')];
  assert.deepEqual(circles(folders(of({ [one]: [two, three], [two]: [], [three]: [] }))), []);
  assert.deepEqual(circles(folders(of({ [one]: [two], [two]: [three], [three]: [] }))), ['x → y → x']);
});

describe('the sources', () => {
  let needs: Needs;
  before(async () => {
    const files = (await readdir(SRC, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
    needs = new Map(await Promise.all(files.map(async (file) => [file, await importsOf(file)] as const)));
  });

  test('name files that are there', () => {
    for (const [file, others] of needs) for (const other of others) assert.ok(needs.has(other), `${file} imports ${other}`);
  });
  test('have no circle of files', () => assert.deepEqual(circles(needs), []));
  test('have no circle of folders', () => assert.deepEqual(circles(folders(needs)), []));
});
