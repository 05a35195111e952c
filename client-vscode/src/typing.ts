// Enter behind `- name: build` puts the cursor below `name`, where the next key belongs. While a template is being
// edited, and no longer: a language's configuration holds for all files of the language.

import * as vscode from 'vscode';
import { templateSelector } from './settings.ts';
import { ENTER_RULES } from './enter.ts';

export class Typing implements vscode.Disposable {
  readonly #listening: vscode.Disposable;
  #rules: vscode.Disposable | null = null;

  constructor() {
    this.#listening = vscode.window.onDidChangeActiveTextEditor((editor) => this.#follow(editor));
    this.#follow(vscode.window.activeTextEditor);
  }

  #follow(editor: vscode.TextEditor | undefined): void {
    this.#rules?.dispose();
    this.#rules = null;
    if (!editor || vscode.languages.match(templateSelector(), editor.document) === 0) return;
    const onEnterRules = ENTER_RULES.map(({ beforeText, appendText }) => ({ beforeText, afterText: /^\s*$/, action: { indentAction: vscode.IndentAction.None, appendText } }));
    this.#rules = vscode.languages.setLanguageConfiguration(editor.document.languageId, { onEnterRules });
  }

  dispose(): void {
    this.#listening.dispose();
    this.#rules?.dispose();
  }
}
