// Where a key is told to be missing, and whose.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { distinct, missingKey, setKeyLink } from '../src/keys.ts';
import type { ProviderState, ProviderStatus } from '../src/protocol.ts';

const provider = (name: string, status: ProviderStatus, keyVariable: string | null): ProviderState => ({ name, status, stale: false, checkedAt: null, complete: false, keyVariable });
const PROVIDERS = {
  anthropic: provider('Anthropic', 'auth-failed', 'ANTHROPIC_API_KEY'),
  openai: provider('OpenAI', 'not-configured', 'OPENAI_API_KEY'),
  mistral: provider('Mistral', 'ok', 'MISTRAL_API_KEY'),
  ollama: provider('Ollama', 'unreachable', null),
};

describe('a diagnostic, an offer or a model tells a missing key in its data, whatever its words are', () => {
  const told = (provider: string, variable: string): object => ({ message: 'x', label: 'x', data: { offer: [1, 0], missingKey: { provider, variable } } });
  for (const [what, item, expected] of [
    ['missing', told('openai', 'OPENAI_API_KEY'), { provider: 'openai', name: 'OpenAI', variable: 'OPENAI_API_KEY' }],
    ['refused', told('anthropic', 'OTHER_KEY'), { provider: 'anthropic', name: 'Anthropic', variable: 'OTHER_KEY' }],
    ['set by now', told('mistral', 'MISTRAL_API_KEY'), null],
    ['of nobody known', told('nobody', 'NO_KEY'), null],
    ['only said in words', { message: 'Set the environment variable OPENAI_API_KEY.', label: 'Set OPENAI_API_KEY' }, null],
    ['a model of a provider that has its key', { data: { provider: 'openai', model: 'gpt-5', standing: 'usable' } }, null],
    ['an offer of a model', { data: [1, 2] }, null],
    ['no data', { data: null }, null],
  ] as const)
    test(what, () => assert.deepEqual(missingKey(item, PROVIDERS), expected));
});

test('a provider whose key is told to be missing twice is named once', () => {
  const [one, other] = ['openai', 'anthropic'].map((provider) => ({ provider, name: provider, variable: 'X' }));
  assert.deepEqual(distinct([one!, null, other!, { ...one! }]), [one, other]);
});

test('the link runs one command, for that provider', () => {
  const link = setKeyLink({ provider: 'my "own"', name: 'My Own', variable: 'X' });
  assert.match(link, /^\[Set API Key of My Own\]\(command:stagewright\.setApiKey\?%5B%22my%20%5C%22own%5C%22%22%5D /);
});
