// Commands about workflows: the panel's actions from the keyboard, and the way to any workflow.

import * as vscode from 'vscode';
import { advance, discard, satisfyGate } from '../chat/actions.ts';
import type { WorkflowKey } from '../server/api.ts';
import { ageText, workflowStatusText } from '../text.ts';
import { chatWithStage } from './templates.ts';
import { command, requireTrust, type Parts } from './shared.ts';

export function workflowCommands(parts: Parts): vscode.Disposable[] {
  const { api, panels } = parts;
  return [
    command('stagewright.send', async () => panels.current?.post({ type: 'submit' })),
    command('stagewright.stop', async () => panels.current?.stop()),
    command('stagewright.switchModel', async () => {
      panels.current?.reveal();
      panels.current?.post({ type: 'pick' });
    }),
    command('stagewright.approveGate', (key?: WorkflowKey) => change(parts, key, 'Approve the gate of', (k) => approve(parts, k))),
    command('stagewright.advanceStage', (key?: WorkflowKey) => change(parts, key, 'Advance', (k) => advance(api, k))),
    command('stagewright.discardWorkflow', (key?: WorkflowKey) => change(parts, key, 'Discard', (k) => discard(api, k))),
    command('stagewright.openTranscript', async (key?: WorkflowKey) => {
      const workflow = key ?? panels.current?.key ?? (await pickWorkflow(parts, 'Open the transcript of'));
      if (workflow) await api.openTranscript(workflow);
    }),
    command('stagewright.openWorkflow', () => openWorkflow(parts)),
  ];
}

async function openWorkflow(parts: Parts): Promise<void> {
  if (!(await requireTrust('A chat'))) return;
  const key = await pickWorkflow(parts, 'Open workflow', true);
  if (key) parts.panels.show(key, key.workflowId);
}

/** Applies a change to the workflow meant: given, in the current panel, or chosen. Its panel shows the outcome. */
async function change(parts: Parts, given: WorkflowKey | undefined, title: string, action: (key: WorkflowKey) => ReturnType<typeof advance>): Promise<void> {
  if (!(await requireTrust('Changing a workflow'))) return;
  const panel = parts.panels.current;
  if (panel && (!given || given.workflowId === panel.key.workflowId)) return panel.change(() => action(panel.key));
  const key = given ?? (await pickWorkflow(parts, title));
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

async function pickWorkflow(parts: Parts, title: string, withNew = false): Promise<WorkflowKey | undefined> {
  const { workflows, problems } = await parts.api.workflows();
  for (const problem of problems) void vscode.window.showWarningMessage(problem.message);
  const items = workflows.map((w) => ({
    label: w.template,
    description: [w.stageName, workflowStatusText(w.status), ageText(w.updatedAt, Date.now())].filter(Boolean).join(' · '),
    detail: `${w.id} · ${w.requestId} · ${w.messageCount} ${w.messageCount === 1 ? 'message' : 'messages'}`,
    key: { workflowId: w.id, root: w.root } as WorkflowKey | null,
  }));
  if (withNew) items.unshift({ label: '$(add) New chat', description: 'from a template', detail: '', key: null });
  if (items.length === 0) {
    void vscode.window.showInformationMessage('There is no workflow in this workspace yet. Open a template and choose “Chat with Stage”.');
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  if (chosen && chosen.key === null) await chatWithStage(parts);
  return chosen?.key ?? undefined;
}
