// The panel's page: nothing from outside the extension, no script but its own.

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { WorkflowKey } from '../protocol.ts';

export function panelPage(webview: vscode.Webview, extensionUri: vscode.Uri, key: WorkflowKey): string {
  const asset = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'out', name)).toString();
  const nonce = randomBytes(18).toString('base64');
  const policy = [`default-src 'none'`, `style-src ${webview.cspSource}`, `font-src ${webview.cspSource}`, `script-src 'nonce-${nonce}'`].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${asset('codicon.css')}">
<link rel="stylesheet" href="${asset('panel.css')}">
<title>Stagewright</title>
</head>
<body data-workflow-id="${escape(key.workflowId)}" data-root="${escape(key.root)}">
<div id="root"></div>
<script nonce="${nonce}" src="${asset('panel.js')}"></script>
</body>
</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
