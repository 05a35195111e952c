// The server's own commands as code lenses and code actions name them: some need the editor's help to be carried out.

import type { Middleware } from 'vscode-languageclient/node';
import * as vscode from 'vscode';
import { changeStageModel, chatWithStage } from './commands/templates.ts';
import { requireTrust, type Parts } from './commands/shared.ts';
import { serverSettings } from './settings.ts';
import type { WorkflowKey } from './server/api.ts';

interface LensArgument {
  readonly uri?: string;
  readonly stage?: string | number;
  readonly model?: unknown;
  readonly workflowId?: string;
  readonly root?: string;
}

/** `parts` is called when a command comes: the client exists before they do. */
export function middleware(parts: () => Parts): Middleware {
  return {
    workspace: {
      configuration: (params) => params.items.map((item) => (item.section === 'stagewright' ? serverSettings() : null)),
    },
    executeCommand: async (command, args: unknown[], next) => {
      const argument = (args[0] ?? {}) as LensArgument;
      try {
        if (command === 'stagewright.chat.start') return await chatWithStage(parts(), argument.uri, argument.stage);
        if (command === 'stagewright.stage.setModel' && argument.model === undefined) return await changeStageModel(parts(), argument.uri, argument.stage);
        if (isWorkflowKey(argument) && command.startsWith('stagewright.')) return await ofWorkflow(parts(), command, argument, () => next(command, args));
        return await next(command, args);
      } catch (error) {
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

/** Lenses in transcripts. What must be confirmed or chosen first is asked as the extension's own commands ask it. */
async function ofWorkflow(parts: Parts, command: string, key: WorkflowKey & LensArgument, next: () => unknown): Promise<unknown> {
  if (!(await requireTrust('A chat'))) return undefined;
  const own: Record<string, string> = {
    'stagewright.workflow.satisfyGate': 'stagewright.approveGate',
    'stagewright.workflow.advance': 'stagewright.advanceStage',
    'stagewright.workflow.discard': 'stagewright.discardWorkflow',
  };
  if (own[command]) return vscode.commands.executeCommand(own[command], { workflowId: key.workflowId, root: key.root });
  if (command === 'stagewright.chat.setModel' && key.model === undefined) {
    parts.panels.show(key, key.workflowId).post({ type: 'pick' });
    return undefined;
  }
  return next();
}

const isWorkflowKey = (argument: LensArgument): argument is LensArgument & WorkflowKey => typeof argument.workflowId === 'string';
