// What a picker shows: groups, order, marks, and that it never loses what is configured.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { besideId, boundGroups, filterGroups, isGone, modelGroups, readiness } from '../src/models.ts';
import type { Catalog, Model, Provider } from '../src/protocol.ts';
import { ageText, answerFacts, statusLines, providerText, tokensText } from '../src/text.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const model = (id: string, more: Partial<Model> = {}): Model => ({ id, chat: true, lifecycle: 'active', source: 'live', ...more });
const provider = (name: string, models: readonly Model[], more: Partial<Provider> = {}): Provider => ({
  name, models, status: 'ok', stale: false, complete: true, checkedAt: '2026-11-22T11:57:00Z', ...more,
});
const catalog = (providers: Record<string, Provider>): Catalog => ({ providers });

/** A picker as lines: `Anthropic (checked ...)`, then its rows, `*` before the current one, `-` before those not to be chosen. */
function shown(c: Catalog, current: { provider: string; model: string } | null = null, query = '', offline = false): string[] {
  return filterGroups(modelGroups(c, current, NOW, offline), query).flatMap((group) => [
    `${group.name} (${group.note})`,
    ...group.rows.map((row) => `${row.current ? '*' : ' '}${row.mark === 'unavailable' ? '-' : ' '}${row.model.model}${besideId(row) ? `: ${besideId(row)}` : ''}`),
  ]);
}

const TWO = catalog({
  openai: provider('OpenAI', [model('gpt-5', { contextWindow: 400_000 }), model('embed', { chat: false })]),
  anthropic: provider('Anthropic', [
    model('old', { lifecycle: 'retired', retiresAt: '2026-01-05' }),
    model('ending', { name: 'The Ending One', lifecycle: 'deprecated', retiresAt: '2027-01-05' }),
    model('claude', { name: 'Claude', contextWindow: 1_000_000 }),
  ], { unavailable: ['denied'] }),
});

describe('a picker', () => {
  test('groups by provider: usable models, then ending ones, then those that are gone; no embeddings', () => {
    assert.deepEqual(shown(TWO), [
      'Anthropic (checked 3 min ago)',
      '  claude: 1M context · Claude',
      '  ending: deprecated, ends 2027-01-05',
      ' -old: retired 2026-01-05',
      'OpenAI (checked 3 min ago)',
      '  gpt-5: 400K context',
    ]);
  });

  test('keeps the current model when the list lacks it or failed', () => {
    const failed = catalog({ openai: provider('OpenAI', [], { status: 'unreachable', checkedAt: null }) });
    assert.deepEqual(shown(failed, { provider: 'openai', model: 'ft:gpt-5:mine' }), ['OpenAI (Unreachable)', '* ft:gpt-5:mine: not verified']);
    assert.deepEqual(shown(TWO, { provider: 'openai', model: 'ft:gpt-5:mine' }).at(-2), '* ft:gpt-5:mine: not in the list');
  });

  test('keeps the current model of a provider that is not configured or unknown', () => {
    const none = catalog({ gemini: provider('Gemini', [model('g')], { status: 'not-configured', checkedAt: null }) });
    assert.deepEqual(shown(none, { provider: 'gemini', model: 'g' }), ['Gemini (Not configured)', '* g: not verified']);
    assert.deepEqual(shown(none, { provider: 'nobody', model: 'x' }), ['nobody (Unknown provider)', '* x: not verified']);
    assert.deepEqual(shown(none), []);
  });

  test('leaves out providers that can neither be asked nor chatted with, unless one is configured', () => {
    const cloud = provider('Cloud', [], { status: 'no-list', checkedAt: null, complete: false, askable: false });
    const both = catalog({ ...TWO.providers, cloud });
    assert.deepEqual(shown(both), shown(TWO));
    assert.ok(shown(both, { provider: 'cloud', model: 'x' }).includes('* x: not verified'));
    assert.equal(readiness(catalog({ cloud }), NOW).kind, 'unconfigured');
    assert.deepEqual(statusLines({ cloud }, NOW), []);
  });

  test('shows what is known offline where nothing is listed, says so, and never in a chat', () => {
    const none = catalog({ openai: provider('OpenAI', [model('gpt-5', { source: 'offline' })], { status: 'not-configured', checkedAt: null }) });
    assert.deepEqual(shown(none, null, '', true), ['OpenAI (no key: known offline, not verified)', '  gpt-5: not verified']);
    assert.deepEqual(shown(none), []);
    const some = catalog({ ...TWO.providers, gemini: provider('Gemini', [model('g', { source: 'offline' })], { status: 'not-configured', checkedAt: null }) });
    assert.deepEqual(shown(some, null, '', true), shown(TWO), 'those that can be used are not lost among them');
  });

  test('marks a current model that the provider denied, and shows no other that it denied', () => {
    assert.ok(!shown(TWO).join().includes('denied'));
    assert.ok(shown(TWO, { provider: 'anthropic', model: 'denied' }).includes('*-denied: not available'));
  });

  test('shows a provider that failed, with the age of what it last said', () => {
    const stale = catalog({ ollama: provider('Ollama', [model('llama3:8b')], { status: 'unreachable', stale: true, checkedAt: '2026-11-22T10:00:00Z' }) });
    assert.deepEqual(shown(stale), ['Ollama (Unreachable, list from 2 h ago)', '  llama3:8b']);
  });

  test('filters by every word, in id, name and provider', () => {
    assert.deepEqual(shown(TWO, null, 'anthropic clau'), ['Anthropic (checked 3 min ago)', '  claude: 1M context · Claude']);
    assert.deepEqual(shown(TWO, null, 'openai/gpt'), ['OpenAI (checked 3 min ago)', '  gpt-5: 400K context']);
    assert.deepEqual(shown(TWO, null, 'nothing'), []);
  });
});

describe('a picker of very many models', () => {
  const many = (name: string, count: number): Provider => provider(name, Array.from({ length: count }, (_, i) => model(`${name}-${i}`)));
  const MANY = catalog({ a: many('A', 500), b: many('B', 3), c: many('C', 40) });
  /** How many rows each group shows, and how many are left out. */
  const bound = (c: Catalog, most: number, current: { provider: string; model: string } | null = null) => {
    const { shown, more } = boundGroups(modelGroups(c, current, NOW), most);
    return { rows: shown.map((group) => group.rows.length), more, current: shown.flatMap((group) => group.rows).find((row) => row.current)?.model.model };
  };

  test('shares the room among the providers', () => {
    assert.deepEqual(bound(MANY, 50).rows, [24, 3, 24]);
    assert.deepEqual(bound(MANY, 100).rows, [57, 3, 40]);
    assert.deepEqual(bound(MANY, 1000), { rows: [500, 3, 40], more: 0, current: undefined });
  });

  test('keeps the current model, and says how many are left out', () => {
    assert.deepEqual(bound(MANY, 50, { provider: 'a', model: 'A-499' }), { rows: [24, 3, 24], more: 492, current: 'A-499' });
    assert.equal(bound(MANY, 50, { provider: 'c', model: 'C-2' }).current, 'C-2');
  });
});

test('a model is gone only when the provider says so', () => {
  assert.ok(isGone(TWO, { provider: 'anthropic', model: 'old' }));
  assert.ok(isGone(TWO, { provider: 'anthropic', model: 'denied' }));
  assert.ok(!isGone(TWO, { provider: 'anthropic', model: 'unheard-of' }));
  assert.ok(!isGone(TWO, { provider: 'nobody', model: 'x' }));
});

describe('readiness', () => {
  const off = provider('Anthropic', [model('offline')], { status: 'not-configured', checkedAt: null, keyVariable: 'ANTHROPIC_API_KEY' });
  test('no catalogue yet, or the first answer under way: loading', () => {
    assert.equal(readiness(null, NOW).kind, 'loading');
    assert.equal(readiness(catalog({ a: provider('A', [], { status: 'loading' }) }), NOW).kind, 'loading');
  });
  test('no key anywhere: which variables to set', () => {
    assert.deepEqual(readiness(catalog({ anthropic: off }), NOW), { kind: 'unconfigured', variables: [{ provider: 'anthropic', name: 'Anthropic', variable: 'ANTHROPIC_API_KEY' }] });
  });
  test('all lists failed: each with its reason', () => {
    const refused = provider('OpenAI', [], { status: 'auth-failed', checkedAt: null, error: 'OpenAI refused the key.' });
    assert.deepEqual(readiness(catalog({ anthropic: off, openai: refused }), NOW), { kind: 'failed', failures: [{ provider: 'openai', name: 'OpenAI', text: 'OpenAI refused the key.' }] });
  });
  test('one dead provider does not matter while another has models', () => {
    const dead = provider('OpenAI', [], { status: 'unreachable', checkedAt: null });
    assert.equal(readiness(catalog({ openai: dead, b: provider('B', [model('m')]) }), NOW).kind, 'ready');
    assert.equal(readiness(catalog({ b: provider('B', [], { status: 'no-list' }) }), NOW).kind, 'ready');
  });
});

describe('words', () => {
  test('ages', () => {
    assert.deepEqual(['2026-11-22T11:59:30Z', '2026-11-22T11:00:01Z', '2026-11-22T09:00:00Z', '2026-11-19T12:00:00Z', 'never'].map((m) => ageText(m, NOW)), ['just now', '59 min ago', '3 h ago', '3 d ago', 'at an unknown time']);
  });
  test('tokens', () => assert.deepEqual([999, 8192, 131_072, 1_000_000, 1_048_576].map(tokensText), ['999', '8K', '131K', '1M', '1.05M']));
  test('providers', () => {
    assert.equal(providerText(provider('A', [], { status: 'auth-failed', checkedAt: null }), NOW), 'Key refused');
  });
  test('each provider in a row of the status, those without a key in one', () => {
    const refused = provider('OpenAI', [], { status: 'auth-failed', checkedAt: null });
    const off = (name: string) => provider(name, [], { status: 'not-configured', checkedAt: null });
    const rows = (providers: Record<string, Provider>): string[] => statusLines(providers, NOW).map((line) => `${line.severity}: ${line.text} – ${line.detail} [${line.action}]`);
    assert.deepEqual(rows({ a: provider('Anthropic', []), o: refused, g: off('Gemini') }), ['ok: Anthropic – checked 3 min ago [refresh]', 'warning: OpenAI – Key refused [key]', 'ok: Not configured – Gemini [key]']);
    assert.deepEqual(rows({ o: refused }), ['error: OpenAI – Key refused [key]']);
    assert.deepEqual(rows({ a: provider('Ollama', [], { status: 'unreachable', stale: true, checkedAt: '2026-11-22T10:00:00Z' }) }), ['error: Ollama – Unreachable, list from 2 h ago [refresh]']);
    assert.deepEqual(rows({ a: off('A'), b: off('B'), c: off('C'), d: off('D'), e: off('E') }), ['warning: Not configured – A, B, C, 2 more [key]']);
    assert.deepEqual(rows({}), []);
  });
  test('an answer without metadata still has its time', () => assert.equal(answerFacts(null, '2026-11-22T12:00:00Z').length, 1));
});
