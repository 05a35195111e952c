// Commands about templates: their stages' models, chats that begin there, new ones.

import * as vscode from 'vscode';
import { commandButton, offer } from '../buttons.ts';
import { askRequest } from '../chat/about.ts';
import { TEMPLATES } from '../choragen.ts';
import { onlyRehearsal, REHEARSAL } from '../models.ts';
import { pickModel } from '../picker.ts';
import type { StartArgument, TemplateStages } from '../protocol.ts';
import { templateSelector } from '../settings.ts';
import { originText } from '../text.ts';
import { replaceCommands } from './replace.ts';
import { chooseThen, keyOf, templateFiles, trustedCommand, type Parts } from './shared.ts';

export function templateCommands(parts: Parts): vscode.Disposable[] {
  return [
    trustedCommand('stagewright.changeStageModel', 'Changing a template', (at?: unknown) => changeStageModel(parts, stageAt(at))),
    ...replaceCommands(parts),
    trustedCommand('stagewright.chatWithStage', 'A chat', (at?: unknown) => chatWithStage(parts, stageAt(at))),
    trustedCommand('stagewright.newTemplate', 'Writing a template', newTemplate),
  ];
}

/** A stage of a template, as far as whoever runs a command names them. */
interface At {
  readonly uri?: vscode.Uri;
  readonly index?: number;
}

/** What a code lens passes (`{uri, stage}`), what the editor's title passes (its URI), or nothing. */
function stageAt(argument: unknown): At {
  if (argument instanceof vscode.Uri) return { uri: argument };
  const { uri, stage } = (argument ?? {}) as { uri?: unknown; stage?: unknown };
  return { ...(typeof uri === 'string' ? { uri: vscode.Uri.parse(uri) } : {}), ...(typeof stage === 'number' ? { index: stage } : {}) };
}

// Changing a stage's model

async function changeStageModel(parts: Parts, at: At): Promise<void> {
  const chosen = await pickStage(parts, at, 'Change the model of which stage?', async ({ uri, index, stage }) => {
    const model = await pickModel({
      title: `Model of ${stage.name ?? `stage ${index + 1}`}`,
      api: parts.api,
      current: stage.model ?? stage.effective.model,
      offline: true,
      none: { label: 'No default', description: stage.model ? 'the role, an earlier stage or the settings decide' : 'as it is now' },
    });
    return model === undefined ? undefined : { uri, index, model };
  });
  if (chosen) await parts.api.setStageModel(chosen.uri.toString(), chosen.index, chosen.model);
}

interface StageOf {
  readonly uri: vscode.Uri;
  readonly index: number;
  readonly stage: TemplateStages['stages'][number];
}

/** Asks for the template and the stage, as far as they are not given, and goes on there. */
async function pickStage<R>(parts: Parts, at: At, title: string, next: (chosen: StageOf) => Promise<R>): Promise<R | undefined> {
  const inTemplate = async (uri: vscode.Uri): Promise<R | undefined> => {
    const { stages } = await parts.api.stages(uri.toString());
    if (stages.length === 0) throw new Error('This template has no stages yet. Add one first.');
    const given = stages[at.index ?? -1];
    if (given) return next({ uri, index: at.index!, stage: given });
    const items = stages.map((stage, index) => ({
      label: stage.name ?? `Stage ${index + 1}`,
      description: stage.effective.model ? `${stage.effective.model.provider}/${stage.effective.model.model} · ${originText(stage.effective.origin)}` : 'no model',
      chosen: { uri, index, stage },
    }));
    // The stage in which the cursor stands is the one most likely meant.
    const line = vscode.window.visibleTextEditors.find((e) => e.document.uri.toString() === uri.toString())?.selection.active.line ?? -1;
    const active = items.find((item) => contains(item.chosen.stage.range, line));
    return chooseThen(items, { title, active }, (item) => next(item.chosen));
  };
  return at.uri ? inTemplate(at.uri) : withTemplate(inTemplate);
}

const contains = (range: TemplateStages['stages'][number]['range'], line: number): boolean => range.start.line <= line && line <= range.end.line;

// Chatting

/** What is being begun: a second click while a server wakes is not a second chat. */
const beginning = new Set<string>();

export async function chatWithStage(parts: Parts, at: At = {}): Promise<void> {
  if (!(await requireFolder())) return;
  const chosen = await pickBeginning(parts, at);
  if (!chosen) return;
  const begun = JSON.stringify({ ...chosen, requestId: null });
  if (beginning.has(begun)) return;
  beginning.add(begun);
  try {
    const start = () => parts.api.start(chosen);
    const view = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Beginning a chat' }, start);
    if (!view.effective.model && onlyRehearsal(await parts.api.models())) await parts.api.setChatModel(keyOf(view), REHEARSAL);
    parts.panels.show(keyOf(view), view.title);
  } finally {
    beginning.delete(begun);
  }
}

/** Asks with which stage of which template a chat begins, as far as that is not given, and what the work is about. */
async function pickBeginning(parts: Parts, at: At): Promise<StartArgument | undefined> {
  const about = async (what: StartArgument, folder: vscode.Uri | undefined): Promise<StartArgument | undefined> => {
    const requestId = await askRequest(parts.api, folder?.toString());
    return requestId === undefined ? undefined : { ...what, ...(requestId ? { requestId } : {}) };
  };
  if (at.uri || activeTemplate() || (await templateFiles()).length > 0)
    return pickStage(parts, at, 'Chat with which stage?', ({ uri, index }) => about({ uri: uri.toString(), stage: index }, vscode.workspace.getWorkspaceFolder(uri)?.uri));
  const title = 'There is no template here yet. Begin with a built-in workflow?';
  return chooseThen([...BUILT_IN, OWN_TEMPLATE], { title }, async ({ template }) => {
    if (template) return inFolder(async ({ uri }) => about({ template, root: uri.toString() }, uri));
    await newTemplate();
    return undefined;
  });
}

/** The workflows that the server brings, which are Choragen's. */
const BUILT_IN: readonly (vscode.QuickPickItem & { readonly template: string | null })[] = [
  { label: 'Standard', description: 'request, design, implementation, verification, completion, reflection', template: 'standard' },
  { label: 'Hotfix', description: 'request, implementation, verification, completion, reflection', template: 'hotfix' },
  { label: 'Documentation', description: 'request, implementation, completion', template: 'documentation' },
  { label: 'Ideation', description: 'exploration, proposal, creation', template: 'ideation' },
];
const OWN_TEMPLATE: (typeof BUILT_IN)[number] = { label: '$(new-file) New template', description: 'with stages of your own', template: null };

const OPEN_FOLDER = commandButton('Open Folder', 'workbench.action.files.openFolder');

async function requireFolder(): Promise<boolean> {
  if (vscode.workspace.workspaceFolders?.length) return true;
  await offer(vscode.window.showWarningMessage, 'A chat is kept in the workspace: open the folder of the template first.', OPEN_FOLDER);
  return false;
}

// Templates

/** Goes on with the template meant: in the active editor, the only one, or chosen. */
async function withTemplate<R>(next: (uri: vscode.Uri) => Promise<R | undefined>): Promise<R | undefined> {
  const active = activeTemplate();
  if (active) return next(active);
  const files = await templateFiles();
  if (files.length === 0) return void offerTemplate();
  const items = files.map((uri) => ({ label: uri.path.split('/').at(-1)!.replace(/\.ya?ml$/, ''), description: vscode.workspace.asRelativePath(uri), uri }));
  if (items.length === 1) return next(items[0]!.uri);
  return chooseThen(items, { title: 'Which template?' }, (item) => next(item.uri));
}

function activeTemplate(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && vscode.languages.match(templateSelector(), document) > 0 ? document.uri : undefined;
}

const offerTemplate = (): Promise<void> =>
  offer(vscode.window.showInformationMessage, 'There is no workflow template in this workspace yet.', commandButton('New Template', 'stagewright.newTemplate'));

/** A file with a name, a first stage, and places to fill in. */
const NEW_TEMPLATE = `name: \${1:NAME}
displayName: \${2:NAME}
stages:
  - name: \${3:design}
    type: \${4|design,request,review,implementation,verification,ideation,reflection|}
    gate:
      type: human_approval
      prompt: \${5:Go on?}
$0`;

async function newTemplate(): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) return offer(vscode.window.showWarningMessage, 'A template belongs to a folder: open one first.', OPEN_FOLDER);
  const file = await inFolder(askForFile);
  if (!file) return;
  const { uri, name } = file;
  await vscode.workspace.fs.writeFile(uri, new Uint8Array());
  const editor = await vscode.window.showTextDocument(uri);
  await editor.insertSnippet(new vscode.SnippetString(NEW_TEMPLATE.replaceAll('NAME', name)));
}

/** Goes on with the workspace's folder, or the one that is chosen. */
async function inFolder<R>(next: (folder: vscode.WorkspaceFolder) => Promise<R | undefined>): Promise<R | undefined> {
  const items = (vscode.workspace.workspaceFolders ?? []).map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
  return items.length === 1 ? next(items[0]!.folder) : chooseThen(items, { title: 'In which folder?' }, ({ folder }) => next(folder));
}

async function askForFile(folder: vscode.WorkspaceFolder): Promise<{ readonly uri: vscode.Uri; readonly name: string } | undefined> {
  const directory = vscode.Uri.joinPath(folder.uri, TEMPLATES);
  const taken = new Set((await list(directory)).map((name) => name.replace(/\.ya?ml$/, '')));
  const name = await vscode.window.showInputBox({
    title: 'New template',
    prompt: 'Its name: letters, digits and hyphens.',
    value: 'my-workflow',
    validateInput: (text) => (!/^[a-z0-9][a-z0-9_-]*$/i.test(text) ? 'Use letters, digits and hyphens.' : taken.has(text) ? 'A template of this name exists already.' : null),
  });
  return name ? { uri: vscode.Uri.joinPath(directory, `${name}.yaml`), name } : undefined;
}

async function list(directory: vscode.Uri): Promise<string[]> {
  try {
    return (await vscode.workspace.fs.readDirectory(directory)).map(([name]) => name);
  } catch {
    return []; // the folder is made with its first file
  }
}
