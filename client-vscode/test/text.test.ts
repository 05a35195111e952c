// Words for people that are made of numbers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkflowSummary } from '../src/protocol.ts';
import { checkText, countText, workflowFacts } from '../src/text.ts';

const file = { uri: 'file:///w/a.yaml', dialect: 'LiteLLM proxy', diagnostics: 1 };
const nothing = { files: [], sources: 0, severities: {}, problems: [], unverified: [] };

test('a count has its noun', () => {
  assert.deepEqual([0, 1, 2, 1200].map((count) => countText(count, 'file')), ['0 files', '1 file', '2 files', '1,200 files']);
});

test('a workflow is told from others by what its title does not say', () => {
  const about = { id: 'WF-1', template: 'hotfix', messageCount: 1 } as WorkflowSummary;
  const facts = (title: string, requestId: string) => workflowFacts({ ...about, title, requestId });
  assert.equal(facts('Dark mode', 'CR-7'), 'hotfix · CR-7 · WF-1 · 1 message');
  assert.equal(facts('CR-7', 'CR-7'), 'hotfix · WF-1 · 1 message');
  assert.equal(facts('hotfix', 'ADHOC'), 'WF-1 · 1 message');
});

test('a check says what was read, what was found, and what is not certain', () => {
  assert.equal(checkText(nothing), 'No file of this workspace is of a kind that names models.');
  assert.equal(checkText({ ...nothing, sources: 1200 }), '1,200 files checked: no problems.');
  assert.equal(checkText({ ...nothing, files: [file] }), '1 file checked: no problems.');
  assert.equal(checkText({ ...nothing, files: [file, file], severities: { warning: 2, error: 1, information: 3 } }), '2 files checked: 1 error, 2 warnings, 3 information.');
  assert.equal(
    checkText({ ...nothing, files: [file], unverified: [{ provider: 'openai', reason: 'No key.' }], problems: ['x cannot be read.'] }),
    '1 file checked: no problems. Not verified: openai. 1 file could not be read: the log says which.',
  );
});
