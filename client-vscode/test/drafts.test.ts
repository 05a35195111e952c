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

const unexpected = (error: unknown): void => assert.fail(String(error));

test('each workflow has its own; the last word counts; an empty one is forgotten', async () => {
  const path = join(folder, 'new/drafts.json');
  const drafts = new Drafts(path, unexpected);
  await Promise.all([...'Hello'].map((_, i, all) => drafts.set('one', all.slice(0, i + 1).join(''))));
  await drafts.set('two', 'Other');
  await drafts.set('two', '');
  const again = new Drafts(path, unexpected);
  assert.deepEqual([await again.get('one'), await again.get('two')], ['Hello', '']);
});

test('a file that cannot be read, or none, is no draft', async () => {
  await writeFile(join(folder, 'broken.json'), '{');
  assert.equal(await new Drafts(join(folder, 'broken.json'), unexpected).get('one'), '');
  const nowhere = new Drafts(null, unexpected);
  await nowhere.set('one', 'kept while the window is open');
  assert.equal(await nowhere.get('one'), 'kept while the window is open');
});

test('a draft that could not be saved is told, troubles nobody, and is saved with the next', async () => {
  const failures: unknown[] = [];
  const path = join(folder, 'blocked/drafts.json');
  await writeFile(join(folder, 'blocked'), 'a file where the folder should be');
  const drafts = new Drafts(path, (error) => failures.push(error));
  await drafts.set('one', 'kept');
  assert.equal(failures.length, 1);
  assert.equal(await drafts.get('one'), 'kept');
  await rm(join(folder, 'blocked'));
  await drafts.set('two', 'later');
  const again = new Drafts(path, unexpected);
  assert.deepEqual([await again.get('one'), await again.get('two')], ['kept', 'later']);
  assert.equal(failures.length, 1);
});
