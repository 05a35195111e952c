// Where a key is told to be missing, and whose.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { distinct, keysInHover, missingKey, setKeyLink } from '../src/keys.ts';
import type { ProviderState, ProviderStatus } from '../src/protocol.ts';

const provider = (name: string, status: ProviderStatus, keyVariable: string | null): ProviderState => ({ name, status, stale: false, checkedAt: null, complete: false, keyVariable });
const PROVIDERS = {
  anthropic: provider('Anthropic', 'auth-failed', 'ANTHROPIC_API_KEY'),
  openai: provider('OpenAI', 'not-configured', 'OPENAI_API_KEY'),
  mistral: provider('Mistral', 'ok', 'MISTRAL_API_KEY'),
  ollama: provider('Ollama', 'unreachable', null),
};
const found = (text: string): string[] => keysInHover(text, PROVIDERS).map((key) => key.provider);

describe('in a hover a missing key is known by its variable', () => {
  for (const [text, expected] of [
    ['OpenAI has no key. Set the environment variable OPENAI_API_KEY.', ['openai']],
    ['Anthropic refused the key in `ANTHROPIC_API_KEY`.', ['anthropic']],
    ['Set OPENAI\\_API\\_KEY or ANTHROPIC\\_API\\_KEY.', ['anthropic', 'openai']],
    ['Mistral has no model of this name; MISTRAL_API_KEY is fine.', []],
    ['MY_OPENAI_API_KEY and OPENAI_API_KEYS are others', []],
    ['', []],
  ] as const)
    test(text || 'nothing', () => assert.deepEqual(found(text), expected));
});

describe('a diagnostic or an offer tells a missing key in its data, whatever its words are', () => {
  const told = (provider: string, variable: string): object => ({ message: 'x', label: 'x', data: { offer: [1, 0], missingKey: { provider, variable } } });
  for (const [what, item, expected] of [
    ['missing', told('openai', 'OPENAI_API_KEY'), { provider: 'openai', name: 'OpenAI', variable: 'OPENAI_API_KEY' }],
    ['refused', told('anthropic', 'OTHER_KEY'), { provider: 'anthropic', name: 'Anthropic', variable: 'OTHER_KEY' }],
    ['set by now', told('mistral', 'MISTRAL_API_KEY'), null],
    ['of nobody known', told('nobody', 'NO_KEY'), null],
    ['only said in words', { message: 'Set the environment variable OPENAI_API_KEY.', label: 'Set OPENAI_API_KEY' }, null],
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
