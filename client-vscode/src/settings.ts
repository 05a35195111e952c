// The editor's settings as the server reads them: only those that somebody set.

import * as vscode from 'vscode';

/** What the server understands; the rest of the section is the extension's own. */
const SERVER_SETTINGS = [
  'providers',
  'models.cacheSeconds',
  'models.timeoutSeconds',
  'templates.include',
  'dialects',
  'code.enabled',
  'code.exclude',
  'diagnostics.severity',
  'diagnostics.ignore',
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

type Selector = { scheme: string; pattern?: string }[];

const section = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('stagewright');

/** Which files are templates, by the setting; its globs are relative to a workspace folder. */
export const templateGlobs = (): string[] => section().get<string[]>('templates.include', []);

/** Files for which the server is started whatever stands in them. */
export const startGlobs = (): string[] => section().get<string[]>('files.include', []);

/** The dialects that are turned off. */
export const dialectsOff = (): string[] =>
  Object.entries(section().get<Record<string, { readonly enabled?: boolean }>>('dialects', {})).flatMap(([id, said]) => (said?.enabled === false ? [id] : []));

/** Whether source code is read, and which files of it are not. */
export const codeChoice = (): { readonly enabled: boolean; readonly exclude: string[] } => ({
  enabled: section().get('code.enabled', true),
  exclude: section().get<string[]>('code.exclude', []),
});

export const templateSelector = (): Selector => selectorOf(templateGlobs());

/** Whether a document's path ends as one of the globs says. */
export const matches = (document: vscode.TextDocument, globs: readonly string[]): boolean => globs.length > 0 && vscode.languages.match(selectorOf(globs), document) > 0;

/** What a running server is given: every file, and what is not saved yet. What nobody claims it passes over. */
export const SERVED: Selector = [{ scheme: 'file' }, { scheme: 'untitled' }];

/** Changes of these settings decide anew for which documents the server is. */
export const CLAIM_SETTINGS = ['files', 'templates', 'dialects', 'code'].map((name) => `stagewright.${name}`);

function selectorOf(globs: readonly string[]): { scheme: string; pattern: string }[] {
  return globs.map((glob) => ({ scheme: 'file', pattern: glob.startsWith('**/') ? glob : `**/${glob}` }));
}

export const PAGE_SCHEME = 'stagewright-page';

/** What the links of diagnostic codes lead to: the server puts in its own page's URI and the code. */
export const CODE_LINK = `${PAGE_SCHEME}:/{code}.md?{page}`;
