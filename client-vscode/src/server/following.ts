// Which documents a server hears of: those that concern it. It is told of no other, and asked nothing about any.

import type { Middleware } from 'vscode-languageclient/node';
import type { TextDocument, Uri } from 'vscode';

interface Concerning {
  concerns(document: TextDocument): boolean;
}

type Asked = (document: TextDocument | Uri, ...rest: never[]) => unknown;

/** What asks about one document, by name. */
const ASKED = [
  'provideCompletionItem',
  'provideHover',
  'provideDefinition',
  'provideReferences',
  'provideDocumentSymbols',
  'provideCodeActions',
  'provideCodeLenses',
  'provideDocumentLinks',
  'provideFoldingRanges',
  'provideSelectionRanges',
  'provideInlayHints',
  'provideDiagnostics',
  'prepareRename',
] as const satisfies readonly (keyof Middleware)[];

/** A middleware in which a document counts once it concerns the server, and from then on until it is closed. */
export function following(documents: Concerning, inner: Middleware): Middleware {
  const known = new Set<string>();
  const isKnown = ({ uri }: TextDocument): boolean => known.has(uri.toString());
  const asked = Object.fromEntries(
    ASKED.map((name) => {
      const own = inner[name] as Asked | undefined;
      const ask = (document: TextDocument | Uri, ...rest: unknown[]): unknown => {
        if ('uri' in document && !isKnown(document)) return null; // a tab without its text is asked about by its name
        const next = rest.at(-1) as Asked;
        return own ? own(document, ...(rest as never[])) : next(document, ...(rest.slice(0, -1) as never[]));
      };
      return [name, ask];
    }),
  ) as Partial<Middleware>;
  const folds = asked.provideFoldingRanges!;
  return {
    ...inner,
    ...asked,
    // Of a file without folds of ours nothing is said: an empty answer would take VS Code's own from it.
    provideFoldingRanges: async (...given) => {
      const found = await folds(...given);
      return found?.length ? found : null;
    },
    didOpen: async (document, next) => {
      if (isKnown(document) || !documents.concerns(document)) return;
      known.add(document.uri.toString());
      await next(document);
    },
    didChange: async (change, next) => {
      if (isKnown(change.document)) await next(change);
    },
    didSave: async (document, next) => {
      if (isKnown(document)) await next(document);
    },
    didClose: async (document, next) => {
      if (known.delete(document.uri.toString())) await next(document);
    },
  };
}
