// Between editor and server: which settings it is given, and that nothing is changed where nothing may be.

import type { Middleware } from 'vscode-languageclient/node';
import * as vscode from 'vscode';
import { requireTrust } from './commands/shared.ts';
import { serverSettings } from './settings.ts';

/** The server's commands that only read. */
const READING = /^stagewright\.(?:models\.|template\.)/;

export const middleware: Middleware = {
  workspace: {
    configuration: (params) => params.items.map((item) => (item.section === 'stagewright' ? serverSettings() : null)),
  },
  // Lenses and code actions name the server's commands; a refusal of one is said as those of our own commands are.
  executeCommand: async (command, args: unknown[], next) => {
    try {
      if (READING.test(command) || (await requireTrust('This'))) return await next(command, args);
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  },
};
