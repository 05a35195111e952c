// Replacing a model everywhere: every changed line is shown, files can be left out, and one undo takes all of it back.

import * as vscode from 'vscode';
import { pickModel } from '../picker.ts';
import { sameModel, type ModelReference, type NamedModel, type Replacement, type TextEdit } from '../protocol.ts';
import { countText, vendorOf } from '../text.ts';
import { chooseThen, trustedCommand, type Parts } from './shared.ts';

/** The files as they would be, for the right side of the diff. */
const SCHEME = 'stagewright-preview';

let previews = 0;

export function replaceCommands(parts: Parts): vscode.Disposable[] {
  const texts = new Map<string, string>();
  return [
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, { provideTextDocumentContent: (uri) => texts.get(uri.toString()) }),
    trustedCommand('stagewright.replaceModel', 'Replacing a model', (argument?: unknown) => replaceModel(parts, texts, modelOf(argument))),
  ];
}

/** The model that whoever runs the command passes along (`{model: {provider, model}}`), as the models in use do. */
const modelOf = (argument: unknown): ModelReference | undefined => (argument as { readonly model?: ModelReference } | undefined)?.model;

async function replaceModel(parts: Parts, texts: Map<string, string>, given?: ModelReference): Promise<void> {
  const used = await usedModels(parts);
  const named = given && used.find(({ model }) => sameModel(model, given));
  if (named) {
    const to = await pickReplacement(parts, named);
    if (to) await replaceBy(parts, named.model, to, texts);
    return;
  }
  if (used.length === 0) return void vscode.window.showInformationMessage('No file of this workspace names a model that can be replaced.');
  const chosen = await chooseThen(used, { title: 'Replace which model?' }, async (one) => {
    const to = await pickReplacement(parts, one);
    return to ? { from: one.model, to } : undefined;
  });
  if (chosen) await replaceBy(parts, chosen.from, chosen.to, texts);
}

const pickReplacement = ({ api }: Parts, { model, near }: Pick<NamedModel, 'model' | 'near'>): ReturnType<typeof pickModel> => 
  pickModel({ title: `Replace ${nameOf(model)} with`, api, current: null, near, ...(vendorOf(model.provider) === null ? {} : { providers: [model.provider] }) });

async function replaceBy(parts: Parts, from: ModelReference, to: ModelReference, texts: Map<string, string>): Promise<void> {
  const title = `Replace ${nameOf(from)} with ${nameOf(to)}`;
  for (let first = true; ; first = false) {
    const plan = await parts.api.planReplacement(from, to);
    if (first && plan.skipped?.length) void vscode.window.showWarningMessage(`Not changed: ${plan.skipped.map(({ reason }) => reason).join(' ')}`);
    if (plan.total === 0) return void vscode.window.showInformationMessage(`No file of this workspace names ${nameOf(from)}.`);
    const chosen = await preview(plan, title, texts);
    if (!chosen || chosen.size === 0) return;
    if (editsOf(plan) === editsOf(await parts.api.planReplacement(from, to))) return apply(plan, chosen, title);
    void vscode.window.showWarningMessage('A file was changed meanwhile: please look at the changes once more.');
  }
}

const nameOf = ({ provider, model }: ModelReference): string => `${provider}/${model}`;
/** Versions of documents change by being opened; what counts is the edits. */
const editsOf = (plan: Replacement): string => JSON.stringify(plan.edit.documentChanges.map(({ textDocument, edits }) => [textDocument.uri, edits]));

/** Why a model wants replacing, the most pressing first; all others follow as the files name them. */
const BROKEN: Readonly<Record<string, string>> = {
  unavailable: 'not available',
  retired: 'retired',
  unlisted: 'not in the list',
  unrecognized: 'not a known model',
  'unknown-provider': 'no such provider',
  'not-chat': 'not a chat model',
  deprecated: 'deprecated',
};
const urgency = ({ standing }: NamedModel): number => (standing in BROKEN ? Object.keys(BROKEN).indexOf(standing) : Infinity);

/** The models that the workspace's files name, and where; those that are broken first, and marked. */
async function usedModels(parts: Parts): Promise<(vscode.QuickPickItem & Pick<NamedModel, 'model' | 'near'>)[]> {
  const named = await parts.api.namedModels();
  return [...named].sort((a, b) => (urgency(a) === urgency(b) ? 0 : urgency(a) - urgency(b))).map(({ model, uses, standing, near }) => {
    const why = BROKEN[standing];
    const where = uses.length === 1 ? placeOf(uses[0]!) : countText(uses.length, 'use');
    return { label: nameOf(model), description: [why, where].filter(Boolean).join(' · '), ...(why ? { iconPath: new vscode.ThemeIcon('warning') } : {}), model, near };
  });
}

const placeOf = ({ uri, name }: NamedModel['uses'][number]): string => [vscode.workspace.asRelativePath(vscode.Uri.parse(uri)), name].filter(Boolean).join(': ');

/** Shows what would change and asks in which files it shall; undefined when nothing shall. */
async function preview(plan: Replacement, title: string, texts: Map<string, string>): Promise<Set<string> | undefined> {
  const query = String(++previews); // VS Code may still hold the texts of an earlier preview
  const changes = await Promise.all(plan.edit.documentChanges.map(async ({ textDocument, edits }) => {
    const uri = vscode.Uri.parse(textDocument.uri);
    const document = await vscode.workspace.openTextDocument(uri);
    const changed = uri.with({ scheme: SCHEME, query });
    texts.set(changed.toString(), edited(document, edits));
    return [uri, uri, changed] as const;
  }));
  await vscode.commands.executeCommand('vscode.changes', title, changes);
  const items = plan.files.map(({ uri, count }) => ({ label: vscode.workspace.asRelativePath(vscode.Uri.parse(uri)), description: countText(count, 'use'), picked: true, uri }));
  try {
    const chosen = await vscode.window.showQuickPick(items, { title: `${title}?`, placeHolder: 'The editor shows what would change. Clear the files to leave unchanged.', canPickMany: true, ignoreFocusOut: true });
    return chosen && new Set(chosen.map((item) => item.uri));
  } finally {
    texts.clear();
    await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label.startsWith(title)));
  }
}

/** A document's text after edits, which do not overlap. */
function edited(document: vscode.TextDocument, edits: readonly TextEdit[]): string {
  let text = document.getText();
  const placed = edits.map(({ range, newText }) => ({ start: document.offsetAt(rangeOf(range).start), end: document.offsetAt(rangeOf(range).end), newText }));
  for (const { start, end, newText } of placed.sort((a, b) => b.start - a.start)) text = text.slice(0, start) + newText + text.slice(end);
  return text;
}

const rangeOf = ({ start, end }: TextEdit['range']): vscode.Range => new vscode.Range(start.line, start.character, end.line, end.character);

async function apply(plan: Replacement, chosen: ReadonlySet<string>, title: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  for (const { textDocument, edits } of plan.edit.documentChanges)
    if (chosen.has(textDocument.uri)) for (const { range, newText } of edits) edit.replace(vscode.Uri.parse(textDocument.uri), rangeOf(range), newText);
  const [only, ...others] = await Promise.all([...chosen].map((uri) => vscode.workspace.openTextDocument(vscode.Uri.parse(uri))));
  const saves = others.length === 0 && !only!.isDirty && vscode.workspace.getConfiguration('files').get('refactoring.autoSave', true);
  // As a refactoring, so that VS Code saves the files that were saved before; a single one it leaves to us.
  if (!(await vscode.workspace.applyEdit(edit, { isRefactoring: true }))) throw new Error('VS Code did not apply the changes: a file may be read-only. Nothing was replaced.');
  if (saves) await only!.save();
  vscode.window.setStatusBarMessage(`$(check) ${title}: ${countText(chosen.size, 'file')}`, 8000);
}
