// The editor's settings as the server reads them: only those that somebody set.

import * as vscode from 'vscode';

/** What the server understands; the rest of the section is the extension's own. */
const SERVER_SETTINGS = [
  'providers',
  'models.cacheSeconds',
  'models.timeoutSeconds',
  'templates.include',
  'diagnostics.severity',
  'diagnostics.retirementDays',
  'chat.defaultModel',
  'chat.timeoutSeconds',
  'chat.context',
  'inlayHints.enabled',
  'codeLens.enabled',
] as const;

/** Settings that only a new start takes in: which server runs, and which files it is given. */
export const START_SETTINGS = ['stagewright.server', 'stagewright.templates.include'] as const;

/**
 * The section for the server. A default of ours must not stand before the user's `config.toml` or environment, so what
 * nobody set is left out.
 */
export function serverSettings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration('stagewright');
  const settings: Record<string, unknown> = {};
  for (const key of SERVER_SETTINGS) {
    const found = configuration.inspect(key);
    const isSet = [found?.globalValue, found?.workspaceValue, found?.workspaceFolderValue].some((value) => value !== undefined);
    const value = configuration.get(key);
    if (isSet && value !== null) place(settings, key.split('.'), value);
  }
  return settings;
}

function place(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) target[head] = value;
  else place((target[head] ??= {}) as Record<string, unknown>, rest, value);
}

/** Opens the settings where those of machine scope can be seen: in a remote window they are the remote machine's. */
export const showSettings = (query: string): Thenable<unknown> =>
  vscode.commands.executeCommand(vscode.env.remoteName ? 'workbench.action.openRemoteSettings' : 'workbench.action.openSettings', { query });

type Selector = { scheme: string; pattern: string }[];

/** Which files are templates, by the setting; its globs are relative to a workspace folder. */
export const templateGlobs = (): string[] => vscode.workspace.getConfiguration('stagewright').get<string[]>('templates.include', []);

export const templateSelector = (): Selector => selectorOf(templateGlobs());

/**
 * The files that the server looks after: templates, the role index, transcripts. It keeps open transcripts up to date,
 * in the editor and on disk; where nothing may be changed they are left to be read.
 */
export function documentSelector(): Selector {
  const transcripts = vscode.workspace.isTrusted ? ['.choragen/workflows/*.chat.md'] : [];
  return selectorOf([...templateGlobs(), '.choragen/roles/index.yaml', ...transcripts]);
}

function selectorOf(globs: readonly string[]): Selector {
  return globs.map((glob) => ({ scheme: 'file', pattern: glob.startsWith('**/') ? glob : `**/${glob}` }));
}

export const PAGE_SCHEME = 'stagewright-page';

/** What the links of diagnostic codes lead to: the server puts in its own page's URI and the code. */
export const CODE_LINK = `${PAGE_SCHEME}:/{code}.md?{page}`;
