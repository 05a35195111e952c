// The panel's state by what happens to it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Message, View } from '../src/protocol.ts';
import { hasAnswer, initialState, lastQuestion, logItems, reduce, unfinished, type PanelState } from '../src/webview/state.ts';

const WHOLE = { ended: 'whole', reason: null, partial: false } as const;
const STOPPED = { ended: 'stopped', reason: 'Stopped by you.', partial: true } as const;
const fromServer = { runId: 'r', workflowId: 'W', root: 'file:///w' };
const model = { provider: 'a', model: 'm' };
const message = (id: string, role: Message['role'], more: Partial<Message> = {}): Message => ({ id, role, content: id, stageIndex: 0, timestamp: '2026-11-22T12:00:00.000Z', ...more });

function view(messages: readonly Message[] = [], run: View['run'] = null): View {
  const stage = { name: 's', type: 'design', status: 'active', gate: { type: 'auto', satisfied: true } } as const;
  return {
    workflow: { id: 'W', requestId: 'R', template: 't', currentStage: 0, status: 'active', stages: [stage, stage], messages, createdAt: '', updatedAt: '' },
    title: 't', effective: { model, origin: 'stage' }, default: { model, origin: 'stage' }, superseded: [], endings: {}, context: null, path: '', transcriptPath: '', root: 'file:///w', run,
  };
}

const after = (...events: Parameters<typeof reduce>[1][]): PanelState => events.reduce(reduce, initialState);
const started = { type: 'started', payload: { ...fromServer, messageId: 'a1', model, origin: 'stage', said: null } } as const;
const delta = (text: string) => ({ type: 'delta', payload: { ...fromServer, messageId: 'a1', text } }) as const;

describe('an answer', () => {
  test('grows by its deltas and ends as the saved message', () => {
    const streaming = after({ type: 'view', view: view([message('h1', 'human')]) }, started, delta('Hel'), delta('lo'));
    assert.equal(streaming.run?.text, 'Hello');
    const done = reduce(streaming, { type: 'finished', payload: { ...fromServer, message: message('a1', 'control', { content: 'Hello' }), ...WHOLE } });
    assert.equal(done.run, null);
    assert.deepEqual(done.view?.workflow.messages.map((m) => m.id), ['h1', 'a1']);
  });

  test('finished twice stands once', () => {
    const finished = { type: 'finished', payload: { ...fromServer, message: message('a1', 'control'), ...WHOLE } } as const;
    assert.equal(after({ type: 'view', view: view() }, started, finished, finished).view?.workflow.messages.length, 1);
  });

  test('stopped before its first word leaves no empty message', () => {
    const stopped = { type: 'finished', payload: { ...fromServer, message: message('a1', 'control', { content: '' }), ...STOPPED } } as const;
    assert.deepEqual(after({ type: 'view', view: view([message('h1', 'human')]) }, started, stopped).view?.workflow.messages.map((m) => m.id), ['h1']);
  });

  test('deltas of another run are not its own', () => {
    assert.equal(after({ type: 'view', view: view() }, started, { type: 'delta', payload: { ...fromServer, runId: 'other', messageId: 'x', text: 'no' } }).run?.text, '');
  });

  test('goes on where it was after a reload', () => {
    const run = { runId: 'r', messageId: 'a1', model, origin: 'stage', text: 'Hel' } as const;
    assert.equal(after({ type: 'view', view: view([], run) }, delta('lo')).run?.text, 'Hello');
  });

  test('an older view does not take text back', () => {
    const run = { runId: 'r', messageId: 'a1', model, origin: 'stage', text: 'Hel' } as const;
    assert.equal(after({ type: 'view', view: view() }, started, delta('Hello'), { type: 'view', view: view([], run) }).run?.text, 'Hello');
  });

  test('failed: the reason stays until something new is sent', () => {
    const failed = after({ type: 'view', view: view() }, started, { type: 'failed', payload: { ...fromServer, code: 'x', message: 'No.', retryable: true } });
    assert.equal(failed.failure?.message, 'No.');
    assert.equal(failed.run, null);
    assert.equal(reduce(failed, { type: 'sending' }).failure, null);
  });

  test('ends when the server goes', () => {
    assert.equal(after({ type: 'view', view: view() }, started, { type: 'connection', state: 'failed', message: 'gone' }).run, null);
  });
});

describe('what is said', () => {
  const says = (id: string, superseded: readonly string[] = []) => ({ ...started, payload: { ...started.payload, said: { message: message(id, 'human'), title: 'About it', superseded } } });
  const ids = ({ view }: PanelState): string[] | undefined => view?.workflow.messages.map((m) => m.id);
  const before = { type: 'view', view: view([message('h1', 'human'), message('a0', 'control')]) } as const;

  test('stands there with the answer that begins, under the title that it gives', () => {
    const state = after(before, says('h2'));
    assert.deepEqual([ids(state), state.view?.title, state.run?.text], [['h1', 'a0', 'h2'], 'About it', '']);
  });

  test('and is in the view already, stands once', () => {
    assert.deepEqual(ids(after({ type: 'view', view: view([message('h1', 'human'), message('h2', 'human')]) }, says('h2'))), ['h1', 'h2']);
  });

  test('anew folds what it stands for', () => {
    const { view } = after(before, says('h2', ['h1', 'a0']));
    assert.deepEqual(logItems(view!, null).map((item) => item.kind), ['stage', 'earlier', 'human']);
  });

  test('before is left as it is where it is answered once more', () => {
    assert.equal(after(before, started).view, before.view);
  });

  test('is not lost where there is no view yet', () => {
    const run = { runId: 'r', messageId: 'a1', model, origin: 'stage', text: '' } as const;
    assert.deepEqual(ids(after(says('h2'), { type: 'view', view: view([message('h2', 'human')], run) })), ['h2']);
  });

  test('and got no answer, can be asked again at once', () => {
    const failed = after(before, says('h2'), { type: 'failed', payload: { ...fromServer, code: 'x', message: 'No.', retryable: true } });
    assert.equal(lastQuestion(failed.view!)?.id, 'h2');
  });
});

describe('editing', () => {
  const editing = after({ type: 'view', view: view([message('h1', 'human')]) }, { type: 'write', text: 'a draft' }, { type: 'edit', message: message('h1', 'human') });

  test('takes the place of the draft, which comes back', () => {
    assert.deepEqual([editing.draft, editing.editing], ['h1', { id: 'h1', aside: 'a draft' }]);
    assert.deepEqual(reduce(editing, { type: 'edit', message: null }).draft, 'a draft');
    const sent = reduce(editing, { type: 'sent', content: 'h1' });
    assert.deepEqual([sent.draft, sent.editing], ['a draft', null]);
  });

  test('pressed twice, it keeps what was written before', () => {
    assert.equal(reduce(editing, { type: 'edit', message: message('h1', 'human') }).editing?.aside, 'a draft');
  });

  test('what is refused can be edited further', () => {
    const refused = after({ type: 'edit', message: message('h1', 'human') }, { type: 'sending' }, { type: 'refused', message: 'No.' });
    assert.deepEqual([refused.draft, refused.editing?.id], ['h1', 'h1']);
  });
});

describe('a draft', () => {
  test('comes back, unless something was typed before it came, and goes with the sending', () => {
    assert.equal(after({ type: 'draft', text: 'old' }).draft, 'old');
    assert.equal(after({ type: 'write', text: 'new' }, { type: 'draft', text: 'old' }).draft, 'new');
    assert.equal(after({ type: 'write', text: 'x' }, { type: 'sending' }).draft, 'x');
    assert.equal(after({ type: 'write', text: 'x' }, { type: 'sending' }, { type: 'refused', message: 'no' }).draft, 'x');
    assert.equal(after({ type: 'write', text: 'x' }, { type: 'sending' }, { type: 'sent', content: 'x' }).draft, '');
  });

  test('what was written while the message was on its way stays', () => {
    const sending = after({ type: 'write', text: 'x' }, { type: 'sending' });
    const sent = { type: 'sent', content: 'x' } as const;
    assert.equal([{ type: 'write', text: 'x\nmore' } as const, sent].reduce(reduce, sending).draft, 'more');
    assert.equal([{ type: 'write', text: 'another' } as const, sent].reduce(reduce, sending).draft, 'another');
  });
});

describe('a refusal', () => {
  const refused = { type: 'refused', message: 'No.' } as const;
  test('is past when something is done, and is not what a notice is', () => {
    assert.equal(after(refused, { type: 'done' }).refusal, null);
    const both = after(refused, { type: 'notice', message: 'Deleted.' });
    assert.equal(reduce(both, { type: 'dismiss', what: 'notice' }).refusal?.message, 'No.');
    assert.equal(reduce(both, { type: 'dismiss', what: 'refusal' }).notice, 'Deleted.');
  });
  test('leaves a list of workflows that is there open', () => {
    const list = { type: 'history', list: { workflows: [], problems: [] } } as const;
    assert.equal(after({ type: 'historyOpen', open: true }, list, refused).historyOpen, true);
    assert.equal(after({ type: 'historyOpen', open: true }, refused).historyOpen, false);
  });
});

describe('the conversation', () => {
  test('has a heading where a stage begins, and notes for switches', () => {
    const items = logItems(view([
      message('h1', 'human'), message('a1', 'control', { model }),
      message('s1', 'system', { model: { provider: 'b', model: 'n' }, metadata: { type: 'model_switch' } }),
      message('s2', 'system', { model, metadata: { type: 'model_switch', reset: true } }),
      message('g', 'system', { metadata: { type: 'gate_prompt' } }),
      message('h2', 'human', { stageIndex: 1 }),
    ]), null);
    assert.deepEqual(items.map((i) => (i.kind === 'note' ? i.text : i.kind)), ['stage', 'human', 'answer', 'Model: b/n', 'Model: back to the default', 'stage', 'human']);
  });

  test('has the heading of a stage in which nothing was said yet', () => {
    const begun = view([message('h1', 'human')]);
    assert.deepEqual(logItems({ ...begun, workflow: { ...begun.workflow, currentStage: 1 } }, null).map((i) => i.kind), ['stage', 'human', 'stage']);
  });

  test('does not show twice what is still streaming', () => {
    const run = { runId: 'r', messageId: 'a1', model, origin: 'stage', text: 'x' } as const;
    assert.deepEqual(logItems(view([message('h1', 'human'), message('a1', 'control')], run), run).map((i) => i.kind), ['stage', 'human']);
  });

  test('a retry asks the newest question of this stage', () => {
    assert.equal(lastQuestion(view([message('h1', 'human'), message('h2', 'human'), message('a', 'control'), message('h3', 'human', { stageIndex: 1 })]))?.id, 'h2');
    assert.equal(lastQuestion(view([])), null);
  });
});

describe('what is sent no more', () => {
  const messages = [message('h1', 'human'), message('a1', 'control'), message('h2', 'human'), message('a2', 'control')];
  const edited = (superseded: readonly string[]): View => ({ ...view(messages), superseded });

  test('stands folded where it was said', () => {
    assert.deepEqual(logItems(edited(['h1', 'a1']), null).map((item) => [item.kind, item.kind === 'earlier' ? item.items.map(({ key }) => key) : item.key]), [
      ['stage', 'stage-0'],
      ['earlier', ['h1', 'a1']],
      ['human', 'h2'],
      ['answer', 'a2'],
    ]);
  });

  test('is neither edited nor asked again', () => {
    assert.equal(lastQuestion(edited(['h2', 'a2']))?.id, 'h1');
    assert.equal(hasAnswer(edited(['a1', 'a2'])), false);
  });
});

describe('an answer that is not whole', () => {
  const cut = { ended: 'cut', reason: 'Stopped at the output limit.' } as const;
  const of = (id: string, messages: readonly Message[]): View => ({ ...view(messages), endings: { [id]: cut } });

  test('can be gone on with as long as it is the last', () => {
    assert.equal(unfinished(of('a1', [message('h1', 'human'), message('a1', 'control'), message('s1', 'system')]))?.id, 'a1');
    assert.equal(unfinished(of('a1', [message('a1', 'control'), message('h2', 'human')])), null);
    assert.equal(unfinished(view([message('a1', 'control')])), null);
  });

  test('grows where it was, and says no more that it is cut once it is whole', () => {
    const before = after({ type: 'view', view: of('a1', [message('h1', 'human'), message('a1', 'control', { content: 'Hel' })]) }, started, delta('lo'));
    assert.equal(before.run?.text, 'Hello');
    const done = reduce(before, { type: 'finished', payload: { ...fromServer, message: message('a1', 'control', { content: 'Hello' }), ...WHOLE } });
    assert.deepEqual(done.view?.endings, {});
  });

  test('says why as soon as it ends', () => {
    const done = after({ type: 'view', view: view() }, started, { type: 'finished', payload: { ...fromServer, message: message('a1', 'control'), ...cut, partial: false } });
    assert.deepEqual(done.view?.endings, { a1: cut });
  });

  test('that only thought is kept', () => {
    const finished = { type: 'finished', payload: { ...fromServer, message: message('a1', 'control', { content: '', metadata: { reasoning: 'Hm.' } }), ...cut, partial: false } } as const;
    assert.equal(after({ type: 'view', view: view() }, started, finished).view?.workflow.messages.length, 1);
  });
});

test('a failure keeps the model that was asked', () => {
  const failed = after({ type: 'view', view: view() }, { ...started, payload: { ...started.payload, model: { provider: 'b', model: 'n' } } }, { type: 'failed', payload: { ...fromServer, code: 'auth-failed', message: 'No.', retryable: false } });
  assert.deepEqual(failed.failure?.model, { provider: 'b', model: 'n' });
});
