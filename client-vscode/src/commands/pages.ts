// The page about diagnostics, rendered, at the section of one code: what the link of a code leads to.
//
// VS Code opens such a link as a text editor, and never runs a command from it. So the link names a text of our own, in
// whose place the preview is shown.

import * as vscode from 'vscode';
import { PAGE_SCHEME } from '../settings.ts';

export function pages(): vscode.Disposable[] {
  return [
    vscode.workspace.registerTextDocumentContentProvider(PAGE_SCHEME, { provideTextDocumentContent: () => '' }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor?.document.uri.scheme === PAGE_SCHEME) void show(editor.document.uri);
    }),
  ];
}

async function show(link: vscode.Uri): Promise<void> {
  const page = vscode.Uri.parse(link.query).with({ fragment: link.path.replace(/^\/|\.md$/g, '') });
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  await vscode.commands.executeCommand('markdown.showPreview', page);
}
