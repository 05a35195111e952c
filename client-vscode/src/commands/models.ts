// Changing the model that is named at one place of a file, whatever the file is.

import * as vscode from 'vscode';
import { isServed } from '../documents.ts';
import { pickModel } from '../picker.ts';
import type { Position, Site } from '../protocol.ts';
import { templateSelector } from '../settings.ts';
import { trustedCommand, type Parts } from './shared.ts';

export function modelCommands(parts: Parts): vscode.Disposable[] {
  return [trustedCommand('stagewright.changeModel', 'Changing a model', (at?: unknown) => changeModel(parts, placeOf(at)))];
}

interface Place {
  readonly uri: string;
  readonly position: Position;
}

/** What a code action passes (`{uri, position}`); else where the cursor stands. */
function placeOf(argument: unknown): Place | undefined {
  const { uri, position } = (argument ?? {}) as Partial<Place>;
  if (typeof uri === 'string' && position) return { uri, position };
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  if (!isServed(editor.document)) throw new Error(`Stagewright reads files on disk; this one is elsewhere (${editor.document.uri.scheme}:). Open its folder from disk to change its models.`);
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

async function changeModel(parts: Parts, place: Place | undefined): Promise<void> {
  if (!place) throw new Error('Open a file that names a model, and put the cursor on it.');
  const site = await siteAt(parts, place);
  if (!site) return noneHere(place);
  if (!site.settable) throw new Error(`${site.written} cannot be changed as it is written here. Change it by hand.`);
  if (site.providers.length === 0) throw new Error('Stagewright does not know which models can be named here. Change it by hand.');
  const current = site.provider !== null && site.model !== null ? { provider: site.provider, model: site.model } : null;
  const model = await pickModel({ title: `Change ${site.written} to`, api: parts.api, current, offline: true, providers: site.providers, near: site.near });
  if (model) await parts.api.setModel(place.uri, site.range.start, model);
}

/** Null also for a file in which nothing is read. */
async function siteAt({ api }: Parts, { uri, position }: Place): Promise<Site | null> {
  try {
    return await api.siteAt(uri, position);
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'file-unknown') return null;
    throw error;
  }
}

/** A template's stage may have no model yet: of a stage it can be chosen all the same. */
async function noneHere({ uri }: Place): Promise<void> {
  if (isTemplate(uri)) await vscode.commands.executeCommand('stagewright.changeStageModel', vscode.Uri.parse(uri));
  else void vscode.window.showInformationMessage("No model is named where the cursor stands. Put it on a model's name.");
}

const isTemplate = (uri: string): boolean => vscode.workspace.textDocuments.some((document) => document.uri.toString() === vscode.Uri.parse(uri).toString() && vscode.languages.match(templateSelector(), document) > 0);
