// The models in use as a tree: three groupings, standings in words, what changes when a file is read again.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { factsOf, nameOf, nodesOf, pressing, standingOf, summaryOf, updated, type Node } from '../src/inventory/nodes.ts';
import type { NamedPlace } from '../src/protocol.ts';

const NOW = Date.UTC(2026, 10, 30, 23, 50);

let line = 0;
function place(path: string, model: string, standing = 'usable', more: Partial<NamedPlace> = {}): NamedPlace {
  line += 1;
  const at = { line: line - 1, character: 7 };
  return { uri: `file:///w/${path}`, range: { start: at, end: at }, path, line, column: 8, dialect: 'claude-code', where: 'model', provider: 'openai', model, written: model, standing, source: 'live', ...more };
}

const PLACES = [
  place('b/two.yaml', 'gpt-10', 'usable'),
  place('b/two.yaml', 'gpt-9', 'deprecated', { retiresAt: '2026-12-23', owner: 'review' }),
  place('a.md', 'gpt-9', 'deprecated', { retiresAt: '2026-12-23' }),
  place('a.md', 'gpt-3', 'retired', { retiresAt: '2026-03-01', successors: ['gpt-9', 'gpt-10'], source: 'offline' }),
  place('a.md', 'sonnet', 'alias', { provider: null }),
  place('a.md', 'gpt-11', 'usable', { retiresAt: '2027-05-01' }),
];

const shape = (nodes: readonly Node[]): unknown[] => nodes.map((node) => (node.children.length ? [`${node.label} | ${node.description}`, shape(node.children)] : `${node.label} | ${node.description}`));
const heads = (nodes: readonly Node[]): string[] => nodes.map(({ label, description }) => `${label} | ${description}`);

describe('a standing in words', () => {
  const cases: [string, string | undefined, string, string][] = [
    ['usable', undefined, 'usable', 'usable'],
    ['usable', '2027-05-01', 'lasting', 'ends 2027-05-01'],
    ['usable', '2026-11-30', 'ending', 'ends today'],
    ['usable', '2026-12-01', 'ending', 'ends tomorrow'],
    ['deprecated', '2026-12-23', 'ending', 'deprecated, ends in 23 days'],
    ['deprecated', '2027-05-01', 'ending', 'deprecated, ends 2027-05-01'],
    ['deprecated', undefined, 'ending', 'deprecated'],
    ['deprecated', '2026-11-01', 'ending', 'deprecated, was to end 2026-11-01'],
    ['retired', '2026-03-01', 'gone', 'retired 2026-03-01'],
    ['retired', undefined, 'gone', 'retired'],
    ['unavailable', undefined, 'gone', 'not available'],
    ['unlisted', undefined, 'doubtful', 'not in the list'],
    ['not-chat', '2026-12-10', 'doubtful', 'not a chat model, ends in 10 days'],
    ['opaque', undefined, 'name', 'cannot be checked'],
    ['of a later server', undefined, 'unverified', 'of a later server'],
  ];
  for (const [standing, retiresAt, mark, text] of cases)
    test(`${standing} ${retiresAt ?? ''}: ${text}`, () => {
      const found = standingOf({ standing, ...(retiresAt ? { retiresAt } : {}) }, NOW);
      assert.deepEqual([found.mark, found.text], [mark, text]);
    });
});

test('a model is called as people write it', () => {
  assert.equal(nameOf({ provider: 'openai', model: 'gpt-9' }), 'openai/gpt-9');
  assert.equal(nameOf({ provider: 'vscode:copilot', model: 'GPT-4.1' }), 'GPT-4.1 (copilot)');
  assert.equal(nameOf({ provider: null, model: 'sonnet' }), 'sonnet');
});

describe('the tree', () => {
  test('by model, each with its places', () =>
    assert.deepEqual(shape(nodesOf(PLACES, 'model', NOW)), [
      ['gpt-3 | retired 2026-03-01 · openai · 1 place', ['a.md:4 | model']],
      ['gpt-9 | deprecated, ends in 23 days · openai · 2 places', ['a.md:3 | model', 'two.yaml:2 | review · b']],
      ['gpt-10 | usable · openai · 1 place', ['two.yaml:1 | model · b']],
      ['gpt-11 | ends 2027-05-01 · openai · 1 place', ['a.md:6 | model']],
      ['sonnet | an alias · 1 place', ['a.md:5 | model']],
    ]));

  test('by file, each with its models in the order of the text', () =>
    assert.deepEqual(shape(nodesOf(PLACES, 'file', NOW)), [
      ['a.md | 4 places · 2 models to look at', ['gpt-9 | deprecated, ends in 23 days · openai · line 3', 'gpt-3 | retired 2026-03-01 · openai · line 4', 'sonnet | an alias · line 5', 'gpt-11 | ends 2027-05-01 · openai · line 6']],
      ['two.yaml | b · 2 places · 1 model to look at', ['gpt-10 | usable · openai · line 1', 'gpt-9 | deprecated, ends in 23 days · openai · review · line 2']],
    ]));

  test('the soonest end first, under headings', () => {
    const nodes = nodesOf(PLACES, 'end', NOW);
    assert.deepEqual(heads(nodes), ['No longer available | 1 model', 'Ends within 90 days | 1 model', 'Ends later | 1 model', 'No end known | 1 model', 'Aliases and names that cannot be checked | 1 model']);
    assert.deepEqual(heads(nodes[1]!.children), ['gpt-9 | deprecated, ends in 23 days · openai · 2 places']);
  });

  test('of one heading, what ends first stands first', () => {
    const [later, sooner] = [place('a.md', 'gpt-1', 'usable', { retiresAt: '2026-12-09' }), place('a.md', 'gpt-2', 'usable', { retiresAt: '2026-12-05' })];
    assert.deepEqual(nodesOf([later, sooner], 'end', NOW)[0]!.children.map(({ label }) => label), ['gpt-2', 'gpt-1']);
  });

  test('each node has an id of its own, the same after another place came', () => {
    for (const grouping of ['model', 'file', 'end'] as const) {
      const ids = (places: readonly NamedPlace[]): string[] => nodesOf(places, grouping, NOW).flatMap((node) => [node, ...node.children, ...node.children.flatMap((child) => child.children)]).map(({ id }) => id);
      const before = ids(PLACES);
      assert.equal(new Set(before).size, before.length);
      const after = new Set(ids([...PLACES, place('c.md', 'gpt-9', 'deprecated', { retiresAt: '2026-12-23' })]));
      assert.deepEqual(before.filter((id) => !after.has(id)), []);
    }
  });

  test('a place has what the commands need that are run on it; its model can be replaced, a mere name cannot', () => {
    const [model] = nodesOf(PLACES, 'model', NOW);
    assert.deepEqual(model!.model, { provider: 'openai', model: 'gpt-3' });
    assert.deepEqual([model!.children[0]!.uri, model!.children[0]!.position], ['file:///w/a.md', { line: 3, character: 7 }]);
    assert.equal(nodesOf(PLACES, 'model', NOW).at(-1)!.model, undefined);
  });

  test('a screen reader hears the standing', () => assert.equal(nodesOf(PLACES, 'model', NOW)[0]!.spoken, 'openai/gpt-3, retired 2026-03-01, 1 place'));
  test('nothing is nothing', () => assert.deepEqual(['model', 'file', 'end'].map((grouping) => nodesOf([], grouping as 'model', NOW)), [[], [], []]));
});

test('all in all', () => {
  assert.equal(summaryOf(PLACES), '5 models in 6 places');
  assert.equal(summaryOf(PLACES.slice(0, 1)), '1 model in 1 place');
  assert.equal(pressing(PLACES, NOW), 2);
});

test('a tooltip tells successors and who says so; what others wrote is marked', () =>
  assert.deepEqual(factsOf(PLACES[3]!, NOW), [
    [{ code: 'openai/gpt-3' }, ' · retired 2026-03-01'],
    ['Ends 2026-03-01'],
    ['Successors: ', { code: 'gpt-9' }, ', ', { code: 'gpt-10' }],
    ['Known offline, not verified'],
    [{ code: 'model' }, ' of ', { code: 'a.md' }],
  ]));

describe('a file that is read again', () => {
  const [a, b] = ['file:///w/a.md', 'file:///w/b/two.yaml'];
  test('has its places, and no other file has others', () => {
    const now = [place('a.md', 'gpt-10')];
    const found = updated(PLACES, new Set([a]), now);
    assert.deepEqual(found.map(({ uri, model }) => [uri, model]), [[b, 'gpt-10'], [b, 'gpt-9'], [a, 'gpt-10']]);
  });
  test('is gone with its places', () => assert.deepEqual(updated(PLACES, new Set([a]), []), PLACES.filter(({ uri }) => uri === b)));
  test('tells what is known now of a model wherever it is named', () => {
    const found = updated(PLACES, new Set([a]), [place('a.md', 'gpt-9', 'usable')]);
    const other = found.find(({ uri, model }) => uri === b && model === 'gpt-9')!;
    assert.deepEqual([other.standing, other.retiresAt, other.owner, other.line], ['usable', undefined, 'review', 2]);
  });
});
