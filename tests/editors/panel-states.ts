// The states of the chat panel that people meet, by the messages that lead to each.

import type { Preview, WorkflowList, WorkflowStatus } from '../../client-vscode/src/protocol.ts';
import type { ToPanel } from '../../client-vscode/src/webview/messages.ts';
import { CATALOG, CONVERSATION, message, NOW, provider, running, stage, STAGES, view } from './panel-page.ts';

export const run = { runId: 'r1', messageId: 'a9', model: { provider: 'anthropic', model: 'claude-opus-4-8' }, origin: 'stage', text: 'One of them takes the file lock' } as const;
export const ofRun = { runId: 'r1', workflowId: 'WF-20261122-001', root: 'file:///project' };
export const WHOLE = { ended: 'whole', reason: null, partial: false } as const;
export const ready: ToPanel[] = [running, { type: 'catalog', catalog: CATALOG }];

export const LONG_MODEL = { provider: 'openrouter', model: 'some-organisation/an-instruction-tuned-mixture-of-experts-235b-a22b-2507:free' };
export const LONG = [
  message('human', `${'A message of many words that goes on and on. '.repeat(20)}\n\nhttps://example.org/${'a-path-without-end/'.repeat(12)}`),
  message('control', `| ${'a wide column | '.repeat(9)}\n| ${'--- | '.repeat(9)}\n| ${'0123456789 | '.repeat(9)}\n\n\`\`\`\n${'a line of code that is longer than the panel is wide '.repeat(4)}\n\`\`\`\n\n![A picture of the parts](https://example.org/parts.png) ${'unbreakable'.repeat(30)}`, { model: LONG_MODEL, metadata: { resolvedModel: LONG_MODEL.model } }),
  message('human', 'איך לשמור את רשימת המודלים?'),
  message('control', 'שלושה חלקים, לכל אחד תפקיד:\n\n1. מפתח\n2. תוקף של `300` שניות\n\nAnd a paragraph in English.', { model: { provider: 'openai', model: 'gpt-5.2' } }),
];
export const HISTORY: WorkflowList = {
  workflows: ['active', 'paused', 'completed', 'discarded'].map((status, i) => ({ id: `WF-20261122-00${i + 1}`, requestId: i % 2 ? 'ADHOC' : 'CR-20251214-001', title: ['Cache the list of models', 'What is wrong with the retries of payments that were refused?', 'team-standard', 'A note'][i]!, status: status as WorkflowStatus, template: i === 1 ? 'a-template-with-a-rather-long-name-for-one-of-its-kind' : 'team-standard', currentStage: 1, stageName: 'implementation', updatedAt: new Date(NOW - i * 3_600_000).toISOString(), root: 'file:///project', messageCount: i })),
  problems: [{ path: 'WF-20261122-009.json', message: 'WF-20261122-009.json is not what Choragen writes; it was left as it is.' }],
};

export const ENDED = [message('human', 'One'), ...(['cut', 'broken', 'stopped'] as const).map((id) => message('control', 'And so', { id, model: run.model }))];
export const ENDINGS = {
  cut: { ended: 'cut', reason: 'Stopped at the output limit.' },
  broken: { ended: 'broken', reason: 'The connection was lost; the partial answer is kept.' },
  stopped: { ended: 'stopped', reason: 'Stopped by you.' },
} as const;
export const SHORTENED = { ...view().context!, sees: [{ stage: 0, stageName: 'request', characters: 210_000, sent: 99_000 }], notes: ["The answer of `request` is sent shortened: 99,000 of its 210,000 characters."] };
export const PREVIEW: Preview = {
  stage: 1, stageName: 'design', effective: view().effective, context: SHORTENED,
  system: `You design. ${'A rule of the house. '.repeat(12)}`,
  turns: [
    { role: 'user', text: 'The request is CR-20251214-001: Cache the list of models.', source: 'request' },
    { role: 'user', text: `The answer of "request":\n\n${'unbreakable'.repeat(20)}`, source: 'context' },
    { role: 'user', text: 'Propose a design.', source: 'prompt' },
    { role: 'user', text: 'How?', source: 'message' },
    { role: 'assistant', text: 'So.', source: 'message' },
  ],
};

/** Each kind of word that has a colour. */
export const CODE = `- [x] one
- [ ] two

\`\`\`python
# a comment
class Cart(Base):
    def total(self, rate: float = 0.19) -> str:
        return f"{sum(self.items) * rate}" if True else None
\`\`\`

\`\`\`html
<a class="b" href="#">x</a><!-- y -->
\`\`\`

\`\`\`diff
@@ -1 +1 @@
-old
+new
\`\`\`

\`\`\`css
a.b #c > d { color: #fff !important; }
\`\`\``;

/** Every state that people meet, by the messages that lead to it. */
export const STATES: Record<string, ToPanel[]> = {
  opening: [{ type: 'connection', state: 'starting', message: '' }],
  'not there': [...ready, { type: 'notice', message: 'There is no workflow WF-20261122-001 in this folder.' }],
  empty: [...ready, { type: 'view', view: view() }],
  conversation: [...ready, { type: 'view', view: view(CONVERSATION, {}, { effective: { model: { provider: 'openai', model: 'gpt-5.2' }, origin: 'message' } }) }],
  streaming: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 4), {}, { run }) }],
  picker: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2)) }, { type: 'pick' }],
  'no provider': [running, { type: 'catalog', catalog: { providers: { anthropic: provider('Anthropic', { status: 'not-configured', checkedAt: null, keyVariable: 'ANTHROPIC_API_KEY' }), openai: provider('OpenAI', { status: 'not-configured', checkedAt: null, keyVariable: 'OPENAI_API_KEY' }) } } }, { type: 'view', view: view([], {}, { effective: { model: null, origin: 'none' } }) }],
  'list loading': [running, { type: 'catalog', catalog: { providers: { anthropic: provider('Anthropic', { status: 'loading', checkedAt: null, complete: false }) } } }, { type: 'view', view: view() }, { type: 'pick' }],
  'list failed': [running, { type: 'catalog', catalog: { providers: { anthropic: provider('Anthropic', { status: 'auth-failed', checkedAt: null, complete: false, error: 'Anthropic refused the key in ANTHROPIC_API_KEY.' }) } } }, { type: 'view', view: view() }],
  'model gone': [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2), {}, { effective: { model: { provider: 'anthropic', model: 'claude-opus-4-6-preview' }, origin: 'message' } }) }],
  failed: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1)) }, { type: 'failed', payload: { ...ofRun, code: 'rate-limited', message: 'Anthropic asks to wait 20 s: too many requests.', retryable: true } }],
  unanswered: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1)) }],
  'gate with options': [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { stages: STAGES.with(1, stage('design', 'active', { prompt: 'Continue to request creation, or discard this idea?', options: [{ label: 'Continue', action: 'advance' }, { label: 'Discard', action: 'discard' }] })) }) }],
  'gate open': [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { stages: STAGES.with(1, stage('design', 'awaiting_gate', { satisfied: true })) }) }],
  verification: [...ready, { type: 'view', view: view([message('control', 'Both should pass now.', { stageIndex: 3, model: { provider: 'openai', model: 'gpt-5.2' }, metadata: { partial: true, stopReason: 'stopped' } })], { currentStage: 3, stages: STAGES.map((s, i) => ({ ...s, status: i < 3 ? 'completed' : i === 3 ? 'active' : 'pending' })) }) }],
  'key refused': [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1)) }, { type: 'failed', payload: { ...ofRun, code: 'auth-failed', message: 'Anthropic refused the key in ANTHROPIC_API_KEY: "invalid x-api-key".', retryable: false } }],
  'no key for this model': [...ready, { type: 'view', view: view([], {}, { effective: { model: { provider: 'gemini', model: 'gemini-3-pro' }, origin: 'stage' } }) }],
  'answers that are not whole': [...ready, { type: 'view', view: view(ENDED, {}, { endings: ENDINGS }) }],
  'edited, with reasoning': [...ready, { type: 'view', view: view(CONVERSATION.with(4, { ...CONVERSATION[4]!, metadata: { reasoning: 'First, the **lock**.' } }), {}, { superseded: CONVERSATION.slice(0, 2).map((m) => m.id), context: SHORTENED }) }],
  'what is sent': [...ready, { type: 'view', view: view(CONVERSATION) }, { type: 'preview', preview: PREVIEW }],
  editing: [...ready, { type: 'view', view: view(CONVERSATION) }, { type: 'edit', message: CONVERSATION[3]! } as never],
  'code and tasks': [...ready, { type: 'view', view: view([message('human', 'Show me.'), message('control', CODE, { model: run.model })]) }],
  paused: [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { status: 'paused' }) }],
  completed: [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { status: 'completed', currentStage: 6, stages: STAGES.map((s) => ({ ...s, status: 'completed' })) }) }],
  refused: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2)) }, { type: 'refused', message: 'An answer is still coming here. Wait for its end, or stop it.' }],
  'refused while paused': [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { status: 'paused' }) }, { type: 'refused', message: `'${'a-very-long-name-of-a-file-'.repeat(5)}.json' cannot be written: no space is left on the device.` }],
  'server failed': [{ type: 'catalog', catalog: CATALOG }, { type: 'view', view: view(CONVERSATION.slice(3)) }, { type: 'connection', state: 'failed', message: 'The Stagewright server ended unexpectedly 4 times and was not started again.' }],
  'everything long': [...ready, { type: 'view', view: view(LONG, { template: 'a-template-with-a-rather-long-name-for-one-of-its-kind' }, { effective: { model: LONG_MODEL, origin: 'message' } }) }],
  'everything long, choosing': [running, { type: 'catalog', catalog: { providers: { ...CATALOG.providers, openrouter: provider('OpenRouter', { models: [{ id: LONG_MODEL.model, name: 'A Name as Long as That of a Small Novel', chat: true, lifecycle: 'active', source: 'live', contextWindow: 1_048_576 }] }) } } }, { type: 'view', view: view(LONG, {}, { effective: { model: LONG_MODEL, origin: 'message' } }) }, { type: 'pick' }],
  'all workflows': [...ready, { type: 'view', view: view(CONVERSATION) }, { type: 'history', list: HISTORY }, { type: 'historyOpen', open: true } as never],
  'template deleted': [...ready, { type: 'view', view: view(CONVERSATION.slice(3)) }, { type: 'notice', message: "The template `team-standard` was deleted. This chat keeps its own copy of the stages and can go on." }],
};

export const THEMES = ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const;
export const WIDTHS = [760, 320];
