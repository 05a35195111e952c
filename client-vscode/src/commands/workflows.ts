// Commands about workflows: the panel's actions from the keyboard, and the way to any workflow.

import * as vscode from 'vscode';
import { advance, discard, satisfyGate } from '../chat/actions.ts';
import type { ChatPanel } from '../chat/panel.ts';
import type { Panels } from '../chat/panels.ts';
import type { WorkflowKey } from '../server/api.ts';
import { ageText, workflowStatusText } from '../text.ts';
import { chatWithStage } from './templates.ts';
import { trustedCommand, type Parts } from './shared.ts';

export function workflowCommands(parts: Parts): vscode.Disposable[] {
  const { api, panels } = parts;
  const changing = (id: string, title: string, action: (key: WorkflowKey) => ReturnType<typeof advance>): vscode.Disposable =>
    trustedCommand(id, 'Changing a workflow', (key?: WorkflowKey) => change(parts, key, title, action));
  return [
    trustedCommand('stagewright.send', 'A chat', async () => chatOf(panels).post({ type: 'submit' })),
    trustedCommand('stagewright.stop', 'A chat', async () => {
      const chat = chatOf(panels);
      if (!chat.isStreaming) throw new Error('There is nothing to stop: no answer is coming in this chat.');
      await chat.stop();
    }),
    trustedCommand('stagewright.switchModel', 'A chat', async () => {
      const chat = chatOf(panels);
      chat.reveal();
      chat.post({ type: 'pick' });
    }),
    changing('stagewright.approveGate', 'Approve the gate of', (key) => approve(parts, key)),
    changing('stagewright.advanceStage', 'Advance', (key) => advance(api, key)),
    changing('stagewright.discardWorkflow', 'Discard', (key) => discard(api, key)),
    // It is written before it is shown.
    trustedCommand('stagewright.openTranscript', 'A transcript', async (key?: WorkflowKey) => {
      const workflow = key ?? panels.current?.key ?? (await pickWorkflow(parts, 'Open the transcript of'));
      if (workflow) await api.openTranscript(workflow);
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
  const key = await pickWorkflow(parts, 'Open workflow', { withNew: true });
  if (key) parts.panels.show(key, key.workflowId);
}

/** Applies a change to the workflow meant: given, in the current panel, or chosen. Its panel shows the outcome. */
async function change(parts: Parts, given: WorkflowKey | undefined, title: string, action: (key: WorkflowKey) => ReturnType<typeof advance>): Promise<void> {
  const panel = parts.panels.current;
  if (panel && (!given || given.workflowId === panel.key.workflowId)) return panel.change(() => action(panel.key));
  const key = given ?? (await pickWorkflow(parts, title, { ongoing: true }));
  if (!key) return;
  const view = await action(key);
  if (view) parts.panels.show(key, view.workflow.template);
}

/** The gate's own options are what can be approved; without any, approving satisfies it. */
async function approve(parts: Parts, key: WorkflowKey): ReturnType<typeof advance> {
  const { workflow } = await parts.api.workflow(key);
  const stage = workflow.stages[workflow.currentStage];
  if (!stage) throw new Error('Every stage of this workflow is done.');
  const options = stage.gate.options ?? [];
  if (options.length === 0) return satisfyGate(parts.api, key, null);
  const items = options.map((option) => ({ label: option.label, description: option.action, action: option.action }));
  const chosen = await vscode.window.showQuickPick(items, { title: stage.gate.prompt ?? `Gate of ${stage.name}` });
  return chosen ? satisfyGate(parts.api, key, chosen.action) : null;
}

/** `ongoing`: only those that can still be changed; `withNew`: a new chat too. */
async function pickWorkflow(parts: Parts, title: string, { ongoing = false, withNew = false } = {}): Promise<WorkflowKey | undefined> {
  const { workflows: all, problems } = await parts.api.workflows();
  const workflows = ongoing ? all.filter(({ status }) => status === 'active' || status === 'paused') : all;
  for (const problem of problems) void vscode.window.showWarningMessage(problem.message);
  const items = workflows.map((w) => ({
    label: w.template,
    description: [w.stageName, workflowStatusText(w.status), ageText(w.updatedAt, Date.now())].filter(Boolean).join(' · '),
    detail: `${w.id} · ${w.requestId} · ${w.messageCount} ${w.messageCount === 1 ? 'message' : 'messages'}`,
    key: { workflowId: w.id, root: w.root } as WorkflowKey | null,
  }));
  if (withNew) items.unshift({ label: '$(add) New chat', description: 'from a template', detail: '', key: null });
  if (items.length === 0) {
    const none = all.length > 0 ? 'Every workflow of this workspace has ended.' : 'There is no workflow in this workspace yet.';
    void vscode.window.showInformationMessage(`${none} Open a template and choose “Chat with Stage”.`);
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  if (chosen && chosen.key === null) await chatWithStage(parts);
  return chosen?.key ?? undefined;
}
