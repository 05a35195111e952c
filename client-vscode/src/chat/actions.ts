// What people do with a workflow, with what they must confirm first; used by commands and panel alike.

import * as vscode from 'vscode';
import type { Confirmations, View, WorkflowKey } from '../protocol.ts';
import type { Api } from '../server/api.ts';
import { CommandError } from '../server/errors.ts';

/** What approves a gate that names no options, and goes on. */
export const APPROVE = 'advance';

/**
 * Takes one of the options of a stage's gate; to approve and to go on are one step. Null when the user changed their
 * mind, be it at the last of what is asked: then nothing has changed. Raises CommandError.
 */
export async function answerGate(api: Api, key: WorkflowKey, stage: number, action: string, confirmed = false): Promise<View | null> {
  const reason = action === 'discard' ? await askReason(key) : undefined;
  if (reason === null) return null;
  return confirming((confirm) => api.satisfyGate(key, stage, action, reason, confirm), confirmed ? { confirmed } : {});
}

/** Goes on from a stage to the next. Raises CommandError. */
export function advance(api: Api, key: WorkflowKey, stage: number): Promise<View | null> {
  return confirming((confirm) => api.advance(key, stage, confirm));
}

/** Ends a workflow, for a reason. Raises CommandError. */
export async function discard(api: Api, key: WorkflowKey): Promise<View | null> {
  const reason = await askReason(key);
  return reason === null ? null : api.discard(key, reason);
}

/** The format asks for a reason; nobody has to think of one. Null: it is not to be discarded after all. */
const NO_REASON = 'Discarded by the user';

async function askReason({ workflowId }: WorkflowKey): Promise<string | null> {
  const reason = await vscode.window.showInputBox({
    title: `Discard ${workflowId}? This cannot be undone`,
    prompt: 'The workflow ends and its chat becomes read-only; its file and transcript are kept. Enter discards it, with this reason; Escape keeps it.',
    value: NO_REASON,
    ignoreFocusOut: true,
  });
  return reason === undefined ? null : reason.trim() || NO_REASON;
}

/** Tries, and when the server asks for a confirmation, shows what it is about and tries again with it. */
async function confirming(attempt: (confirm: Confirmations) => Promise<View>, given: Confirmations = {}): Promise<View | null> {
  let confirm = given;
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
    const commands = error.data['confirm'];
    const question = (error.data['gate'] as { type?: string } | undefined)?.type === 'chain_complete' ? 'Are all tasks of the chain done?' : 'Did all of these commands succeed?';
    return (await ask(question, listed(commands), 'Yes, Advance')) ? { confirmed: true } : null;
  }
  if (error.code === 'hooks-present' && !given.withoutHooks) {
    const yes = await ask('Go on without this stage’s hooks?', error.message, 'Go On Without Hooks');
    return yes ? { withoutHooks: true } : null;
  }
  return undefined;
}

async function ask(question: string, detail: string, yes: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) !== undefined;
}

function listed(commands: unknown): string {
  return Array.isArray(commands) ? commands.map((command) => `• ${command}`).join('\n') : '';
}
