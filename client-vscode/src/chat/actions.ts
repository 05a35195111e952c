// What people do with a workflow, with what they must confirm first; used by commands and panel alike.

import * as vscode from 'vscode';
import type { Api, Confirmations, WorkflowKey } from '../server/api.ts';
import { CommandError } from '../server/session.ts';
import type { View } from '../protocol.ts';

/** Satisfies a stage's gate by one of its options; null when the user changed their mind. Raises CommandError. */
export async function satisfyGate(api: Api, key: WorkflowKey, stage: number, action: string | null): Promise<View | null> {
  let reason: string | null = null;
  if (action === 'discard') {
    reason = await askReason();
    if (reason === null) return null;
  }
  return confirming((confirm) => api.satisfyGate(key, stage, action, reason, confirm));
}

/** Goes on from a stage to the next. Raises CommandError. */
export function advance(api: Api, key: WorkflowKey, stage: number): Promise<View | null> {
  return confirming((confirm) => api.advance(key, stage, confirm));
}

/** Ends a workflow, for a reason. Raises CommandError. */
export async function discard(api: Api, key: WorkflowKey): Promise<View | null> {
  const reason = await askReason();
  return reason === null ? null : api.discard(key, reason);
}

async function askReason(): Promise<string | null> {
  const reason = await vscode.window.showInputBox({
    title: 'Discard the workflow',
    prompt: 'Why? The reason is kept with the workflow.',
    validateInput: (text) => (text.trim() === '' ? 'A reason is needed.' : null),
  });
  return reason?.trim() || null;
}

/** Tries, and when the server asks for a confirmation, shows what it is about and tries again with it. */
async function confirming(attempt: (confirm: Confirmations) => Promise<View>): Promise<View | null> {
  let confirm: Confirmations = {};
  for (;;) {
    try {
      return await attempt(confirm);
    } catch (error) {
      const more = error instanceof CommandError ? await askFor(error, confirm) : undefined;
      if (more === undefined) throw error;
      if (more === null) return null;
      confirm = { ...confirm, ...more };
    }
  }
}

/** What the user grants; null: they declined; undefined: the error asks for nothing that was not given yet. */
async function askFor(error: CommandError, given: Confirmations): Promise<Confirmations | null | undefined> {
  if (error.code === 'confirmation-needed' && !given.confirmed) {
    const yes = await ask('Have these been done, and did they succeed?', listed(error.data['confirm']), 'Confirm');
    return yes ? { confirmed: true } : null;
  }
  if (error.code === 'hooks-present' && !given.withoutHooks) {
    const yes = await ask('Go on without this stage’s hooks?', error.message, 'Go On Without Hooks');
    return yes ? { withoutHooks: true } : null;
  }
  return undefined;
}

async function ask(question: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

function listed(commands: unknown): string {
  return Array.isArray(commands) ? commands.map((command) => `• ${command}`).join('\n') : '';
}
