// The open documents: which of them the server is for, and which it has to be asked about. Looks at a text when it is
// opened, and from then on only at the lines that change.

import * as vscode from 'vscode';
import { isTranscript } from './choragen.ts';
import { claimsOf, holdsOne, isAboutModels, LONGEST, namesModel } from './claims.ts';
import { codeChoice, dialectsOff, matches, startGlobs, templateGlobs } from './settings.ts';

/** Why the server is for a document. */
export type Reason = 'its name' | 'its text' | 'a model that it names' | 'a setting';

interface Seen {
  reason: Reason | null;
  /** Something in it is about models: it may have sites, if not yet. */
  about: boolean;
}

export class Documents implements vscode.Disposable {
  readonly #seen = new Map<vscode.TextDocument, Seen>();
  readonly #found = new vscode.EventEmitter<{ readonly document: vscode.TextDocument; readonly reason: Reason }>();
  /** A document turned out to be one that the server is for. */
  readonly onDidFind = this.#found.event;
  readonly #concerned = new vscode.EventEmitter<vscode.TextDocument>();
  /** A document is about models now, which was opened without a word of them. */
  readonly onDidConcern = this.#concerned.event;
  readonly #listening: vscode.Disposable[];
  /** Files of the user's own dialects, which only the server knows. */
  #own: readonly string[] = [];

  constructor() {
    this.#listening = [
      vscode.workspace.onDidOpenTextDocument((document) => void this.#look(document)),
      vscode.workspace.onDidCloseTextDocument((document) => void this.#seen.delete(document)),
      vscode.workspace.onDidChangeTextDocument((change) => this.#follow(change)),
    ];
  }

  /** Looks at all that is open, at the beginning and where settings say otherwise now. */
  lookAgain(own: readonly string[] = this.#own): void {
    this.#own = own;
    this.#seen.clear();
    for (const document of vscode.workspace.textDocuments) if (this.concerns(document)) this.#concerned.fire(document);
  }

  /** Whether the server is for it. */
  isOurs(document: vscode.TextDocument): boolean {
    return (this.#seen.get(document)?.reason ?? null) !== null;
  }

  /**
   * Whether the server is to know of it: a text without a word about models is none of its business. Nor is a transcript
   * where nothing may be changed, for the server keeps those that it knows of up to date.
   */
  concerns(document: vscode.TextDocument): boolean {
    const seen = this.#seen.get(document) ?? this.#look(document);
    return seen !== null && (seen.reason !== null || seen.about) && (vscode.workspace.isTrusted || !isTranscript(document.uri.path));
  }

  /** Whether the name of a file, which need not be open, makes it one that the server is for. */
  isNamed({ scheme, path }: vscode.Uri): boolean {
    return scheme === 'file' && claimsOf(path, dialectsOff()).byName;
  }

  #look(document: vscode.TextDocument): Seen | null {
    if (!isServed(document)) return null;
    const seen: Seen = { reason: null, about: false };
    this.#seen.set(document, seen);
    const { byName, byText } = claimsOf(document.uri.path, dialectsOff());
    if (byName) this.#find(document, seen, 'its name');
    else if (matches(document, [...startGlobs(), ...templateGlobs(), ...this.#own])) this.#find(document, seen, 'a setting');
    else this.#read(document, seen, document.getText(), byText);
    return seen;
  }

  #follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const seen = this.#seen.get(document);
    if (!seen || seen.reason !== null || contentChanges.length === 0) return;
    const was = seen.about;
    const { byText } = claimsOf(document.uri.path, dialectsOff());
    this.#read(document, seen, contentChanges.map((change) => linesOf(document, change)).join('\n'), byText);
    if (!was && this.concerns(document)) this.#concerned.fire(document);
  }

  /** What a text says, or a part of it that is new. */
  #read(document: vscode.TextDocument, seen: Seen, text: string, byText: readonly RegExp[]): void {
    seen.about ||= isAboutModels(text);
    if (byText.length > 0 && holdsOne(byText, document.getText())) this.#find(document, seen, 'its text');
    else if (seen.about && namesModel(text) && isCodeRead(document)) this.#find(document, seen, 'a model that it names');
  }

  #find(document: vscode.TextDocument, seen: Seen, reason: Reason): void {
    seen.reason = reason;
    this.#found.fire({ document, reason });
  }

  dispose(): void {
    for (const one of this.#listening) one.dispose();
    this.#found.dispose();
    this.#concerned.dispose();
  }
}

/** What the server is given: files on this machine, and what is not saved yet. */
export const isServed = ({ uri }: vscode.TextDocument): boolean => uri.scheme === 'file' || uri.scheme === 'untitled';

/** The lines that a change has made or touched. */
function linesOf(document: vscode.TextDocument, { range, text }: vscode.TextDocumentContentChangeEvent): string {
  if (text.length > LONGEST) return '';
  const last = Math.min(range.start.line + text.split('\n').length - 1, document.lineCount - 1);
  return document.getText(new vscode.Range(range.start.line, 0, last, document.lineAt(last).text.length));
}

function isCodeRead(document: vscode.TextDocument): boolean {
  const { enabled, exclude } = codeChoice();
  return enabled && !matches(document, exclude);
}
