// Unsent messages survive whatever ends the window.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Drafts } from '../src/chat/drafts.ts';

let folder: string;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'stagewright-drafts-'))));
after(() => rm(folder, { recursive: true }));

test('each workflow has its own; the last word counts; an empty one is forgotten', async () => {
  const path = join(folder, 'new/drafts.json');
  const drafts = new Drafts(path);
  await Promise.all([...'Hello'].map((_, i, all) => drafts.set('one', all.slice(0, i + 1).join(''))));
  await drafts.set('two', 'Other');
  await drafts.set('two', '');
  const again = new Drafts(path);
  assert.deepEqual([await again.get('one'), await again.get('two')], ['Hello', '']);
});

test('a file that cannot be read, or none, is no draft', async () => {
  await writeFile(join(folder, 'broken.json'), '{');
  assert.equal(await new Drafts(join(folder, 'broken.json')).get('one'), '');
  const nowhere = new Drafts(null);
  await nowhere.set('one', 'kept while the window is open');
  assert.equal(await nowhere.get('one'), 'kept while the window is open');
});
