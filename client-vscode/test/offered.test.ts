// The models that VS Code itself offers: how they are told, and for which files.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { vendorsOf } from '../src/vendors.ts';

const model = (vendor: string, name: string, id = name.toLowerCase()): { vendor: string; name: string; id: string; family: string; maxInputTokens: number } => ({ vendor, name, id, family: id, maxInputTokens: 1 });

test('models are told by vendor, and nothing of them but their names', () =>
  assert.deepEqual(vendorsOf([model('copilot', 'GPT-4.1'), model('acme', 'Fast')]), {
    acme: [{ id: 'fast', name: 'Fast', family: 'fast' }],
    copilot: [{ id: 'gpt-4.1', name: 'GPT-4.1', family: 'gpt-4.1' }],
  }));

test('the same models in another order are the same offer', () => {
  const some = [model('b', 'Two', '2'), model('a', 'One', '1'), model('b', 'Two', '1'), model('b', 'One', '3')];
  assert.equal(JSON.stringify(vendorsOf(some)), JSON.stringify(vendorsOf([...some].reverse())));
});

test('no models are no vendors', () => assert.deepEqual(vendorsOf([]), {}));

test('VS Code is asked where the server has files of Copilot’s, and nowhere else', async () => {
  const dialect = await readFile(join(import.meta.dirname, '../../server/stagewright/dialects/copilot.toml'), 'utf8');
  const client = await readFile(join(import.meta.dirname, '../src/offered.ts'), 'utf8');
  const globs = (text: string, list: RegExp): string[] => [...list.exec(text)![1]!.matchAll(/["'](\*\*[^"']*)["']/g)].map(([, glob]) => glob!).sort();
  assert.deepEqual(globs(client, /NAMING[^=]*= (\[[\s\S]*?\])\.map/), globs(dialect, /^files = (\[[\s\S]*?\n\])/m));
});
