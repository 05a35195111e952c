// The log channel, shared by the extension and the language client.

import * as vscode from 'vscode';

export const log: vscode.LogOutputChannel = vscode.window.createOutputChannel('Stagewright', { log: true });
