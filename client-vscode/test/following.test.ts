// Which documents a server hears of, and what it is asked about: the middleware that decides it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Middleware } from 'vscode-languageclient/node';
import { following } from '../src/server/following.ts';

const document = (name: string) => ({ uri: { toString: () => `file:///${name}` } }) as never;

/** A middleware for which the documents of these names are of concern, and what passed it. */
function watched(concerned: Set<string>, inner: Middleware = {}) {
  const middleware = following({ concerns: (one) => concerned.has(String(one.uri).slice('file:///'.length)) }, inner);
  const passed: string[] = [];
  const note = (what: string) => async (): Promise<void> => void passed.push(what);
  return { middleware, passed, note };
}

test('a document without a word about models is not told of, nor asked about', async () => {
  const { middleware, passed, note } = watched(new Set());
  await middleware.didOpen!(document('a'), note('open'));
  await middleware.didChange!({ document: document('a') } as never, note('change'));
  await middleware.didSave!(document('a'), note('save'));
  assert.equal(await middleware.provideHover!(document('a'), {} as never, {} as never, note('hover') as never), null);
  assert.equal(await middleware.provideCompletionItem!(document('a'), {} as never, {} as never, {} as never, note('complete') as never), null);
  await middleware.didClose!(document('a'), note('close'));
  assert.deepEqual(passed, []);
});

test('one that comes to be about models is told of from then on, once', async () => {
  const concerned = new Set<string>();
  const { middleware, passed, note } = watched(concerned);
  await middleware.didOpen!(document('a'), note('open'));
  concerned.add('a');
  await middleware.didChange!({ document: document('a') } as never, note('early change'));
  await middleware.didOpen!(document('a'), note('open'));
  await middleware.didOpen!(document('a'), note('open again'));
  await middleware.didChange!({ document: document('a') } as never, note('change'));
  await middleware.didClose!(document('a'), note('close'));
  await middleware.didChange!({ document: document('a') } as never, note('late change'));
  assert.deepEqual(passed, ['open', 'change', 'close']);
});

test('what it is asked goes on as before, through what else there is', async () => {
  const inner: Middleware = { provideHover: async (one, position, token, next) => [await next(one, position, token)] as never };
  const { middleware } = watched(new Set(['a']), inner);
  await middleware.didOpen!(document('a'), async () => undefined);
  const asked: unknown[][] = [];
  const next = ((...rest: unknown[]) => (asked.push(rest), 'said')) as never;
  assert.deepEqual(await middleware.provideHover!(document('a'), 'position' as never, 'token' as never, next), ['said']);
  assert.equal(await middleware.provideDefinition!(document('a'), 'position' as never, 'token' as never, next), 'said');
  assert.deepEqual(asked, [[document('a'), 'position', 'token'], [document('a'), 'position', 'token']].map(([, ...rest], index) => [asked[index]![0], ...rest]));
});

test('a tab whose text is not loaded is asked about', async () => {
  const { middleware, passed, note } = watched(new Set());
  await middleware.provideDiagnostics!({ scheme: 'file' } as never, undefined, {} as never, note('diagnostics') as never);
  assert.deepEqual(passed, ['diagnostics']);
});

test('where nothing of ours is folded, VS Code folds by indentation', async () => {
  const { middleware } = watched(new Set(['a']));
  await middleware.didOpen!(document('a'), async () => undefined);
  const answered = (found: unknown) => middleware.provideFoldingRanges!(document('a'), {} as never, {} as never, (async () => found) as never);
  assert.equal(await answered([]), null);
  assert.equal(await answered(null), null);
  assert.deepEqual(await answered([{ start: 1, end: 2 }]), [{ start: 1, end: 2 }]);
});
