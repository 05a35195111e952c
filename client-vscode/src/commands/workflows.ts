// Commands about workflows: the panel's actions from the keyboard, and the way to any workflow.

import * as vscode from 'vscode';
import { changeRequest } from '../chat/about.ts';
import { advance, answerGate, APPROVE, discard } from '../chat/actions.ts';
import type { ChatPanel } from '../chat/panel.ts';
import type { Panels } from '../chat/panels.ts';
import type { WorkflowKey, WorkflowStatus, WorkflowSummary } from '../protocol.ts';
import { ageText, workflowFacts, workflowStatusText } from '../text.ts';
import { chatWithStage } from './templates.ts';
import { chooseThen, keyOf, trustedCommand, type Parts } from './shared.ts';

export function workflowCommands(parts: Parts): vscode.Disposable[] {
  const { api, panels } = parts;
  const changing = (id: string, title: string, action: Change, inQuestion: readonly WorkflowStatus[] = ['active', 'paused']): vscode.Disposable =>
    trustedCommand(id, 'Changing a workflow', (key?: WorkflowKey) => change(parts, key, title, action, inQuestion));
  return [
    trustedCommand('stagewright.send', 'A chat', async () => {
      const chat = chatOf(panels);
      chat.reveal();
      chat.post({ type: 'submit' });
    }),
    trustedCommand('stagewright.stop', 'A chat', async () => {
      const chat = chatOf(panels);
      if (!chat.isStreaming) throw new Error('There is nothing to stop: no answer is coming in this chat.');
      await chat.stop();
    }),
    trustedCommand('stagewright.switchModel', 'A chat', async () => {
      chatOf(panels).chooseModel();
    }),
    changing('stagewright.approveGate', 'Approve the gate of', (key, stage) => approve(parts, key, stage)),
    changing('stagewright.advanceStage', 'Advance', async (key, stage) => advance(api, key, stage ?? (await stageOf(parts, key)))),
    changing('stagewright.discardWorkflow', 'Discard', (key) => discard(api, key)),
    changing('stagewright.pauseWorkflow', 'Pause', (key) => api.setStatus(key, 'paused'), ['active']),
    changing('stagewright.resumeWorkflow', 'Resume', (key) => api.setStatus(key, 'active'), ['paused']),
    changing('stagewright.setRequest', 'Say what it is about', (key) => changeRequest(api, key)),
    // It is written before it is shown.
    trustedCommand('stagewright.openTranscript', 'A transcript', async (key?: WorkflowKey) => {
      const workflow = key ?? panels.current?.key;
      if (workflow) await api.openTranscript(workflow);
      else await withWorkflow(parts, 'Open the transcript of', api.openTranscript);
    }),
    trustedCommand('stagewright.openWorkflow', 'A chat', () => openWorkflow(parts)),
  ];
}

/** The chat that a command without an argument means. */
function chatOf(panels: Panels): ChatPanel {
  if (!panels.current) throw new Error('No chat is open. “Stagewright: Open Workflow” opens one, “Stagewright: Chat with Stage” begins one.');
  return panels.current;
}

async function openWorkflow(parts: Parts): Promise<void> {
  const begin = { label: '$(add) New chat', description: 'from a template', detail: '', key: null };
  const items = (await workflows(parts)).map(itemOf);
  await chooseThen<{ readonly key: WorkflowKey | null } & vscode.QuickPickItem, unknown>([begin, ...items], { title: 'Open workflow' }, async ({ key }) => (key ? parts.panels.show(key, key.workflowId) : chatWithStage(parts)));
}

/** What is done to a workflow, in the stage that its panel shows if it has one. */
type Change = (key: WorkflowKey, stage?: number) => ReturnType<typeof advance>;

/** Applies a change to the workflow meant: given, in the current panel, or chosen. Its panel shows the outcome. */
async function change(parts: Parts, given: WorkflowKey | undefined, title: string, action: Change, inQuestion: readonly WorkflowStatus[]): Promise<void> {
  const panel = given ? parts.panels.of(given) : parts.panels.current;
  if (panel) {
    panel.reveal(); // what is changed is what one sees
    return panel.change(() => action(panel.key, panel.stage));
  }
  const none = inQuestion.length === 1 ? `No workflow of this workspace is ${inQuestion[0]}.` : undefined;
  const view = given ? await action(given) : await withWorkflow(parts, title, (key) => action(key), ({ status }) => inQuestion.includes(status), none);
  if (view) parts.panels.show(keyOf(view), view.workflow.template);
}

const stageOf = async ({ api }: Parts, key: WorkflowKey): Promise<number> => (await api.workflow(key)).workflow.currentStage;

/** The gate's own options are what can be chosen; without any, it is approved. */
async function approve(parts: Parts, key: WorkflowKey, shown?: number): ReturnType<typeof advance> {
  const { workflow } = await parts.api.workflow(key);
  const at = shown ?? workflow.currentStage;
  const stage = workflow.stages[at];
  if (!stage) throw new Error('Every stage of this workflow is done.');
  const options = stage.gate.options ?? [];
  if (options.length === 0) return answerGate(parts.api, key, at, APPROVE);
  const items = options.map((option) => ({ label: option.label, description: option.action, action: option.action }));
  return (await chooseThen(items, { title: stage.gate.prompt ?? `Gate of ${stage.name}` }, ({ action }) => answerGate(parts.api, key, at, action))) ?? null;
}

/** The workspace's workflows; those that cannot be read are told. */
async function workflows(parts: Parts): Promise<readonly WorkflowSummary[]> {
  const { workflows: found, problems } = await parts.api.workflows();
  for (const problem of problems) void vscode.window.showWarningMessage(problem.message);
  return found;
}

const itemOf = (w: WorkflowSummary) => ({
  label: w.title,
  description: [w.stageName, workflowStatusText(w.status), ageText(w.updatedAt, Date.now())].filter(Boolean).join(' · '),
  detail: workflowFacts(w),
  key: { workflowId: w.id, root: w.root },
});

/** Asks for one of the workflows in question and goes on with it. */
async function withWorkflow<R>(parts: Parts, title: string, next: (key: WorkflowKey) => Promise<R>, inQuestion: (workflow: WorkflowSummary) => boolean = () => true, none = 'Every workflow of this workspace has ended.'): Promise<R | undefined> {
  const all = await workflows(parts);
  const items = all.filter(inQuestion).map(itemOf);
  if (items.length > 0) return chooseThen(items, { title }, ({ key }) => next(key));
  void vscode.window.showInformationMessage(`${all.length > 0 ? none : 'There is no workflow in this workspace yet.'} Open a template and choose “Chat with Stage”.`);
  return undefined;
}
