// The panel's state by what happens to it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Message, View } from '../src/protocol.ts';
import { initialState, lastQuestion, logItems, modelOrigin, reduce, type PanelState } from '../src/webview/state.ts';

const of = { runId: 'r', workflowId: 'W', root: 'file:///w' };
const model = { provider: 'a', model: 'm' };
const message = (id: string, role: Message['role'], more: Partial<Message> = {}): Message => ({ id, role, content: id, stageIndex: 0, timestamp: '2026-11-22T12:00:00.000Z', ...more });

function view(messages: readonly Message[] = [], run: View['run'] = null): View {
  const stage = { name: 's', type: 'design', status: 'active', gate: { type: 'auto', satisfied: true } } as const;
  return {
    workflow: { id: 'W', requestId: 'R', template: 't', currentStage: 0, status: 'active', stages: [stage, stage], messages, createdAt: '', updatedAt: '' },
    effective: { model, origin: 'stage' }, path: '', transcriptPath: '', root: 'file:///w', run,
  };
}

const after = (...events: Parameters<typeof reduce>[1][]): PanelState => events.reduce(reduce, initialState);
const started = { type: 'started', payload: { ...of, messageId: 'a1', model, origin: 'stage' } } as const;
const delta = (text: string) => ({ type: 'delta', payload: { ...of, messageId: 'a1', text } }) as const;

describe('an answer', () => {
  test('grows by its deltas and ends as the saved message', () => {
    const streaming = after({ type: 'view', view: view([message('h1', 'human')]) }, started, delta('Hel'), delta('lo'));
    assert.equal(streaming.run?.text, 'Hello');
    const done = reduce(streaming, { type: 'finished', payload: { ...of, message: message('a1', 'control', { content: 'Hello' }), partial: false } });
    assert.equal(done.run, null);
    assert.deepEqual(done.view?.workflow.messages.map((m) => m.id), ['h1', 'a1']);
  });

  test('finished twice stands once', () => {
    const finished = { type: 'finished', payload: { ...of, message: message('a1', 'control'), partial: false } } as const;
    assert.equal(after({ type: 'view', view: view() }, started, finished, finished).view?.workflow.messages.length, 1);
  });

  test('stopped before its first word leaves no empty message', () => {
    const stopped = { type: 'finished', payload: { ...of, message: message('a1', 'control', { content: '' }), partial: true } } as const;
    assert.deepEqual(after({ type: 'view', view: view([message('h1', 'human')]) }, started, stopped).view?.workflow.messages.map((m) => m.id), ['h1']);
  });

  test('deltas of another run are not its own', () => {
    assert.equal(after({ type: 'view', view: view() }, started, { type: 'delta', payload: { ...of, runId: 'other', messageId: 'x', text: 'no' } }).run?.text, '');
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
    const failed = after({ type: 'view', view: view() }, started, { type: 'failed', payload: { ...of, code: 'x', message: 'No.', retryable: true } });
    assert.equal(failed.failure?.message, 'No.');
    assert.equal(failed.run, null);
    assert.equal(reduce(failed, { type: 'sending' }).failure, null);
  });

  test('ends when the server goes', () => {
    assert.equal(after({ type: 'view', view: view() }, started, { type: 'connection', state: 'failed', message: 'gone' }).run, null);
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
    assert.equal(reduce(both, { type: 'dismiss', what: 'notice' }).refusal, 'No.');
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
    assert.deepEqual(items.map((i) => (i.kind === 'note' ? i.text : i.kind)), ['stage', 'human', 'answer', 'Model: b/n', 'Model: back to the stage default', 'stage', 'human']);
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

describe('where the model comes from', () => {
  const other = { provider: 'b', model: 'n' };
  const of = (effective: View['effective'], messages: readonly Message[], defaultModel: View['effective']['model'] = null): string => {
    const { workflow, ...rest } = view(messages);
    return modelOrigin({ ...rest, effective, workflow: { ...workflow, stages: workflow.stages.map((stage) => ({ ...stage, defaultModel })) } });
  };
  const answer = (by: typeof model): Message => message('a', 'control', { model: by });
  const choice = (chosen: typeof model): Message => message('s', 'system', { model: chosen, metadata: { type: 'model_switch' } });

  test('as the server says, as long as no message names one', () => {
    assert.equal(of({ model, origin: 'role' }, []), 'from the role');
    assert.equal(of({ model: null, origin: 'none' }, []), 'no model chosen');
  });
  test('an answer by the stage default is no choice', () => assert.equal(of({ model, origin: 'message' }, [answer(model)], model), 'stage default'));
  test('chosen, and back to the default again', () => {
    assert.equal(of({ model: other, origin: 'message' }, [answer(model), choice(other)], model), 'chosen in this chat');
    assert.equal(of({ model: other, origin: 'message' }, [choice(other), answer(other)], model), 'chosen in this chat');
    assert.equal(of({ model, origin: 'message' }, [choice(other), answer(other), choice(model)], model), 'stage default');
  });
  test('an answer by the model of the role, or of a retry, goes on', () => {
    assert.equal(of({ model: other, origin: 'message' }, [answer(other)]), 'as in the last answer');
    assert.equal(of({ model: other, origin: 'message' }, [choice(model), answer(other)]), 'as in the last answer');
  });
});
