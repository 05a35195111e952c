// Keys in several windows of one editor: each start gets what is stored, whichever window stored it.

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { Keys, type KeyStorage } from '../src/secrets.ts';

/** Windows as VS Code gives them: secrets shared at once and told to all, other state known to a new window only. */
function editor(): { open: () => { keys: Keys; restarts: () => number } } {
  const secrets = new Map<string, string>();
  const state = new Map<string, unknown>();
  const changes = new EventEmitter<{ secret: [string] }>();
  const change = async (key: string, value?: string): Promise<void> => {
    if (value === undefined) secrets.delete(key);
    else secrets.set(key, value);
    changes.emit('secret', key); // before who changed it goes on
  };
  return {
    open: () => {
      const known = new Map(state);
      const storage = {
        secrets: {
          get: async (key) => secrets.get(key),
          store: change,
          delete: change,
          onDidChange: (listener) => {
            const tell = (key: string): void => listener({ key });
            changes.on('secret', tell);
            return { dispose: () => changes.off('secret', tell) };
          },
        },
        globalState: {
          get: <T>(key: string, otherwise?: T) => (known.get(key) as T) ?? otherwise,
          update: async (key, value) => {
            for (const place of [known, state]) place.set(key, value);
          },
        },
      } as KeyStorage;
      const keys = new Keys(storage);
      let restarts = 0;
      keys.onDidChangeElsewhere(() => restarts++);
      return { keys, restarts: () => restarts };
    },
  };
}

test('a key that another window sets, changes or removes is told once, and not in that window', async () => {
  const { open } = editor();
  const [here, there] = [open(), open()];
  const steps = [
    [() => there.keys.set('ANTHROPIC_API_KEY', 'one'), { ANTHROPIC_API_KEY: 'one' }],
    [() => there.keys.set('ANTHROPIC_API_KEY', 'two'), { ANTHROPIC_API_KEY: 'two' }],
    [() => there.keys.remove('ANTHROPIC_API_KEY'), {}],
  ] as const;
  for (const [index, [step, environment]] of steps.entries()) {
    await step();
    await setImmediate();
    assert.deepEqual([here.restarts(), there.restarts()], [index + 1, 0]);
    for (const window of [here, there]) assert.deepEqual(await window.keys.environment(), environment);
  }
});

test('a key that is set to what it was is no change anywhere', async () => {
  const { open } = editor();
  const there = open();
  await there.keys.set('OPENAI_API_KEY', 'same');
  const here = open();
  assert.deepEqual(await here.keys.environment(), { OPENAI_API_KEY: 'same' });
  await there.keys.set('OPENAI_API_KEY', 'same');
  await setImmediate();
  assert.deepEqual([here.restarts(), there.restarts()], [0, 0]);
});
