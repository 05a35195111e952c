// Which edits of transcripts are applied, and what becomes of one that is closed meanwhile.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTranscript } from '../src/choragen.ts';
import { applyWhereShown } from '../src/transcripts.ts';

const TRANSCRIPT = 'file:///w/.choragen/workflows/WF-20260131-001.chat.md';
const TEMPLATE = 'file:///w/.choragen/workflow-templates/feature.yaml';

/** Applies an edit of `uris` where `shown` have tabs, `closing` not any more when it is applied; what was applied and saved. */
async function applied(uris: string[], shown: string[], closing: string[] = []): Promise<{ applied: boolean; saved: string[] }> {
  const tabs = new Set(shown);
  const saved: string[] = [];
  const documents = { isShown: (uri: string) => tabs.has(uri), save: async (uri: string) => void saved.push(uri) };
  const outcome = await applyWhereShown(uris, documents, async () => {
    await null;
    for (const uri of closing) tabs.delete(uri);
    return { applied: true };
  });
  return { applied: outcome.applied, saved };
}

test('a transcript that is shown is changed and left for its reader to save', async () => {
  assert.deepEqual(await applied([TRANSCRIPT], [TRANSCRIPT]), { applied: true, saved: [] });
});

test('a transcript whose tab was closed is not changed', async () => {
  assert.deepEqual(await applied([TRANSCRIPT], [TEMPLATE]), { applied: false, saved: [] });
});

test('a transcript that is closed while it is changed is saved, as VS Code shows what is unsaved', async () => {
  assert.deepEqual(await applied([TRANSCRIPT], [TRANSCRIPT], [TRANSCRIPT]), { applied: true, saved: [TRANSCRIPT] });
});

test('a template is changed whether or not it is shown, and never saved by itself', async () => {
  assert.deepEqual(await applied([TEMPLATE], []), { applied: true, saved: [] });
  assert.deepEqual(await applied([TEMPLATE, TRANSCRIPT], [TEMPLATE], [TEMPLATE]), { applied: true, saved: [] });
});

test('an edit that names no document goes to VS Code as it is', async () => {
  assert.deepEqual(await applied([], []), { applied: true, saved: [] });
});

test('transcripts are told by where they are and what they are called', () => {
  for (const path of [TRANSCRIPT, '/w/.choragen/workflows/WF-1.chat.md', '/w/a/.choragen/workflows/any.chat.md']) assert.ok(isTranscript(path), path);
  for (const path of [TEMPLATE, '/w/.choragen/workflows/WF-1.json', '/w/WF-1.chat.md', '/w/choragen/workflows/WF-1.chat.md', '/w/.choragen/workflows/old/WF-1.chat.md', '/w/.choragen/workflows/notes.md'])
    assert.ok(!isTranscript(path), path);
});
