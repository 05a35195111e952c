// What the server is started for, by a document's name and text alone. `tests/test_client_claims.py` compares the
// patterns with the server's own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsOf, holdsOne, isAboutModels, LONGEST, namesModel } from '../src/claims.ts';

const byName = (path: string, off: readonly string[] = []): boolean => claimsOf(path, off).byName;
const byText = (path: string, text: string, off: readonly string[] = []): boolean => holdsOne(claimsOf(path, off).byText, text);

test('a file is claimed by its name, wherever the folder lies', () => {
  for (const path of ['/home/me/app/.github/workflows/ci.yml', '/w/opencode.json', '/w/.claude/agents/review.md', '/w/sub/.codex/config.toml', '/c:/Users/me/app/.choragen/workflow-templates/feature.yaml', '/w/.choragen/roles/index.yaml'])
    assert.ok(byName(path), path);
});

test('of a name that others use too nothing is known yet', () => {
  for (const path of ['/w/config.yaml', '/w/package.json', '/w/README.md', '/w/main.py', '/w/x.github/workflows/ci.yml', '/w/.github/workflows/ci.lock.yml', '/w/settings.json'])
    assert.ok(!byName(path), path);
});

test('a text decides where the name leaves it open, and only there', () => {
  assert.ok(byText('/w/proxy/config.yaml', '# proxy\nmodel_list:\n  - model_name: x\n'));
  assert.ok(byText('/w/a.yaml', '# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json\nprompts: []\n'));
  assert.ok(!byText('/w/proxy/config.yaml', 'debug: true\n'));
  assert.ok(!byText('/w/main.py', 'model_list: x\n'));
  assert.ok(!byText('/w/config.yaml', `${'#\n'.repeat(40_000)}model_list:\n`), 'far below nobody looks');
});

test('a dialect that is turned off claims nothing', () => {
  assert.ok(!byName('/w/opencode.json', ['opencode']));
  assert.ok(!byText('/w/proxy/config.yaml', 'model_list:\n', ['litellm']));
  assert.ok(byName('/w/opencode.json', ['litellm']));
});

test('what looks like a model counts wherever it stands', () => {
  for (const text of ['MODEL = "claude-opus-5-5"', 'x = gpt-7', 'create(model="o3")', '# see gemini-3-pro', 'ANTHROPIC_MODEL=claude-9', '`llama3.2:3b`'])
    assert.ok(namesModel(text) && isAboutModels(text), text);
  for (const text of ['', 'gpt and claude', 'step-1', 'const o3 = 1', 'the model', 'my_gpt-5']) assert.ok(!namesModel(text), text);
});

test('a text of at most 1 MiB is searched', () => {
  const filler = 'all work and no play\n'.repeat(LONGEST / 21);
  const full = `gpt-5.5\n${filler}`.slice(0, LONGEST);
  assert.equal(full.length, LONGEST);
  assert.ok(namesModel(full));
  assert.ok(!namesModel(`${full}x`));
});

test('words about models are enough to be told of a text, and not to start for it', () => {
  for (const text of ['create(model="', "openai.chat('", 'LLM_NAME=']) {
    assert.ok(isAboutModels(text), text);
    assert.ok(!namesModel(text), text);
  }
  assert.ok(!isAboutModels('def add(a, b):\n    return a + b\n'));
});

test('a hostile text is searched in one go', () => {
  const hostile = ['model = '.repeat(130_000), `model${' '.repeat(LONGEST - 5)}`, `model=${'a.b/'.repeat(262_000)}`, 'a-'.repeat(LONGEST / 2), `${'model'.padEnd(999)}\n`.repeat(1048), 'gpt-'.repeat(LONGEST / 4)];
  // What went back and forth would not end.
  assert.deepEqual(hostile.map(namesModel), hostile.map(() => false));
});
