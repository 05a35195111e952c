// An extension that offers models to VS Code, and others when it is told to. None of them is ever used.

import * as vscode from 'vscode';

const model = (id: string, name: string): vscode.LanguageModelChatInformation => ({ id, name, family: id, version: '1', maxInputTokens: 1000, maxOutputTokens: 1000, capabilities: { toolCalling: true } });

export function activate(context: vscode.ExtensionContext): void {
  let models = [model('acme-fast-1', 'Acme Fast'), model('acme-deep-1', 'Acme Deep (Preview)')];
  const changed = new vscode.EventEmitter<void>();
  const offer = (others: vscode.LanguageModelChatInformation[]): void => {
    models = others;
    changed.fire();
  };
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('acme', {
      onDidChangeLanguageModelChatInformation: changed.event,
      provideLanguageModelChatInformation: () => models,
      provideLanguageModelChatResponse: () => Promise.reject(new Error('nobody is to ask')),
      provideTokenCount: () => Promise.resolve(1),
    }),
    vscode.commands.registerCommand('offering.another', () => offer([...models, model('acme-fast-2', 'Acme Fast 2')])),
    vscode.commands.registerCommand('offering.none', () => offer([])),
  );
}
