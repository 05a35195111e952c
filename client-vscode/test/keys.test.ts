// Where a key is told to be missing, and whose.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missingKeys, setKeyLink } from '../src/keys.ts';
import type { ProviderState, ProviderStatus } from '../src/protocol.ts';

const provider = (name: string, status: ProviderStatus, keyVariable: string | null): ProviderState => ({ name, status, stale: false, checkedAt: null, complete: false, keyVariable });
const PROVIDERS = {
  anthropic: provider('Anthropic', 'auth-failed', 'ANTHROPIC_API_KEY'),
  openai: provider('OpenAI', 'not-configured', 'OPENAI_API_KEY'),
  mistral: provider('Mistral', 'ok', 'MISTRAL_API_KEY'),
  ollama: provider('Ollama', 'unreachable', null),
};
const found = (text: string): string[] => missingKeys(text, PROVIDERS).map((key) => key.provider);

describe('a missing key is known by its variable', () => {
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

test('the link runs one command, for that provider', () => {
  const link = setKeyLink({ provider: 'my "own"', name: 'My Own', variable: 'X' });
  assert.match(link, /^\[Set API Key of My Own\]\(command:stagewright\.setApiKey\?%5B%22my%20%5C%22own%5C%22%22%5D /);
});
