// The view of the models in use: a tree of what the server finds, kept true as files are edited and saved.
//
// Nothing is read, and no server started, before somebody asks: by the command, or by the view's own button.

import * as vscode from 'vscode';
import { log } from '../log.ts';
import type { Inventory, NamedPlace } from '../protocol.ts';
import type { Api } from '../server/api.ts';
import { CommandError } from '../server/errors.ts';
import type { Session } from '../server/session.ts';
import { tellError } from '../telling.ts';
import { statusText } from '../text.ts';
import { factsOf, nodesOf, pressing, summaryOf, updated, type Grouping, type Mark, type Node } from './nodes.ts';

export const VIEW = 'stagewright.inventory';

/** Whether the view was ever asked for in this workspace: it takes no place before. */
const SHOWN = 'stagewright.inventoryShown';
const GROUPING = 'stagewright.inventoryGrouping';

/** Milliseconds without another change after which changed files are read again. */
const REST_MS = 500;

const ICON: Readonly<Record<Mark, readonly [icon: string, color?: string]>> = {
  gone: ['error', 'problemsErrorIcon.foreground'],
  ending: ['warning', 'problemsWarningIcon.foreground'],
  doubtful: ['question', 'problemsWarningIcon.foreground'],
  lasting: ['history'],
  usable: ['pass', 'testing.iconPassed'],
  unverified: ['circle-outline'],
  name: ['symbol-string'],
};

const BY: Readonly<Record<Grouping, string>> = { model: 'by model', file: 'by file', end: 'soonest end first' };

export class InventoryView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #api: Api;
  readonly #session: Session;
  readonly #memory: vscode.Memento;
  readonly #view: vscode.TreeView<Node>;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #listening: vscode.Disposable[];
  #places: readonly NamedPlace[] | null = null;
  #told: Inventory | null = null;
  #grouping: Grouping;
  #asking: Promise<void> | null = null;
  readonly #stale = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: vscode.ExtensionContext, session: Session, api: Api) {
    this.#api = api;
    this.#session = session;
    this.#memory = context.workspaceState;
    this.#grouping = this.#memory.get<Grouping>(GROUPING, 'model');
    void setContext(SHOWN, this.#memory.get(SHOWN, false));
    void setContext(`${VIEW}.state`, 'unasked');
    this.#view = vscode.window.createTreeView(VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.#listening = [
      this.#view.onDidChangeVisibility(({ visible }) => visible && this.#seen()),
      session.onDidChange(() => this.#view.visible && this.#seen()),
      api.onModelsChanged(() => this.#touch(...(this.#places ?? []).map(({ uri }) => uri))),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#touch(uri.toString())),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#touchNamed(document.uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#touchNamed(uri)), // what was not saved is gone
      vscode.workspace.onDidCreateFiles(({ files }) => this.#touch(...files.map(String))),
      vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach((uri) => this.#touchBelow(uri))),
      vscode.workspace.onDidRenameFiles(({ files }) => files.forEach(({ oldUri, newUri }) => (this.#touchBelow(oldUri), this.#touch(newUri.toString())))),
    ];
  }

  // The tree

  getChildren(node?: Node): Node[] {
    return node ? [...node.children] : nodesOf(this.#places ?? [], this.#grouping, Date.now());
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(node.label, node.children.length === 0 ? None : node.mark === 'heading' ? Expanded : Collapsed);
    item.id = `${this.#grouping} ${node.id}`;
    item.description = node.description;
    item.accessibilityInformation = { label: node.spoken };
    item.contextValue = node.place ? (node.model ? 'place' : 'name') : node.model ? 'model' : node.mark;
    if (node.mark === 'file') Object.assign(item, { iconPath: vscode.ThemeIcon.File, resourceUri: vscode.Uri.parse(node.uri!) });
    else if (node.mark !== 'heading') item.iconPath = iconOf(node.mark);
    const place = node.place ?? (node.uri || node.mark === 'heading' ? undefined : node.children[0]?.place);
    if (place) item.tooltip = tooltip(place);
    if (node.place) item.command = { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.parse(node.place.uri), { selection: rangeOf(node.place) }] };
    return item;
  }

  // What people ask for

  /** Shows the view, and takes the inventory. */
  async show(): Promise<void> {
    await Promise.all([setContext(SHOWN, true), this.#memory.update(SHOWN, true)]);
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    if (this.#places === null) await this.take();
  }

  /** Reads all files anew; who asks meanwhile waits for the same answer. */
  take(): Promise<void> {
    this.#asking ??= this.#take().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async group(grouping: Grouping): Promise<void> {
    this.#grouping = grouping;
    this.#show();
    await this.#memory.update(GROUPING, grouping);
  }

  async #take(): Promise<void> {
    if (this.#places === null) await setContext(`${VIEW}.state`, 'asking');
    this.#stale.clear();
    try {
      const found = await vscode.window.withProgress({ location: { viewId: VIEW } }, () => this.#api.inventory());
      for (const problem of [...found.problems, ...found.warnings]) log.warn(problem);
      this.#told = found;
      this.#places = found.references.map(withOwnUri);
    } catch (error) {
      if (!(error instanceof CommandError && error.code === 'cancelled')) tellError(error);
    }
    this.#show();
  }

  #show(): void {
    const places = this.#places;
    void setContext(`${VIEW}.state`, places === null ? 'unasked' : places.length === 0 ? 'empty' : 'listed');
    const count = pressing(places ?? [], Date.now());
    this.#view.badge = count > 0 ? { value: count, tooltip: `${count} ${count === 1 ? 'model that is gone or ends' : 'models that are gone or end'} soon` } : undefined;
    // Not in the description: VS Code shows none of a view that has its container for itself.
    this.#view.message = places?.length ? [`${summaryOf(places)}, ${BY[this.#grouping]}.`, ...doubtsOf(this.#told)].join(' ') : doubtsOf(this.#told).join(' ');
    this.#changed.fire();
  }

  // What changes

  /** The view came into sight: where a server runs anyway, it shows what is there now. */
  #seen(): void {
    if (this.#session.state.kind !== 'running') return;
    if (this.#places === null) void this.take();
    else if (this.#stale.size > 0) this.#touch();
  }

  #touchNamed(uri: vscode.Uri): void {
    const name = uri.toString();
    if (this.#places?.some((place) => place.uri === name)) this.#touch(name);
  }

  #touchBelow(uri: vscode.Uri): void {
    const name = uri.toString();
    this.#touch(...(this.#places ?? []).map((place) => place.uri).filter((one) => one === name || one.startsWith(`${name}/`)));
  }

  #touch(...uris: readonly string[]): void {
    if (this.#places === null) return;
    for (const uri of uris) this.#stale.add(uri);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#readAgain(), REST_MS);
  }

  /** Reads the files again that changed. What cannot be had now is had later. */
  async #readAgain(): Promise<void> {
    if (!this.#view.visible || this.#session.state.kind !== 'running' || this.#stale.size === 0) return;
    if (this.#asking) return void this.#asking.finally(() => this.#touch());
    const uris = new Set(this.#stale);
    this.#stale.clear();
    try {
      const found = await this.#api.inventory([...uris]);
      if (this.#asking) return; // all of it is being read
      this.#places = updated(this.#places ?? [], uris, found.references.map(withOwnUri));
      this.#show();
    } catch (error) {
      log.warn(`The models in use could not be read again: ${String(error)}`);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const one of this.#listening) one.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }
}

const setContext = (key: string, value: unknown): Thenable<unknown> => vscode.commands.executeCommand('setContext', key, value);

/** A URI as VS Code writes it, so that equal ones are equal texts. */
const withOwnUri = (place: NamedPlace): NamedPlace => ({ ...place, uri: vscode.Uri.parse(place.uri).toString() });

function iconOf(mark: Mark): vscode.ThemeIcon {
  const [icon, color] = ICON[mark];
  return new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
}

const rangeOf = ({ range: { start, end } }: NamedPlace): vscode.Range => new vscode.Range(start.line, start.character, end.line, end.character);

function tooltip(place: NamedPlace): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const line of factsOf(place, Date.now())) {
    for (const part of line) {
      if (typeof part === 'string') text.appendText(part);
      else text.appendMarkdown(codeOf(part.code));
    }
    text.appendMarkdown('  \n');
  }
  return text;
}

/** A text as code, whatever stands in it. */
function codeOf(text: string): string {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return fence.length === 1 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}

/** What could not be made sure of, in sentences. */
function doubtsOf(told: Inventory | null): string[] {
  const said: string[] = [];
  if (told?.unverified.length) said.push(`Not verified: ${told.unverified.map(({ provider, status }) => `${provider} (${statusText(status).toLowerCase()})`).join(', ')}.`);
  const problems = (told?.problems.length ?? 0) + (told?.warnings.length ?? 0);
  if (problems > 0) said.push(`${problems === 1 ? 'One file' : `${problems} files`} could not be read whole: the log says which.`);
  return said;
}
