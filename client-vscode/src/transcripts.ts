// Edits of transcripts: they follow their workflow while they are shown, and a closed one stays closed.

import { isTranscript } from './choragen.ts';

export interface Documents {
  readonly isShown: (uri: string) => boolean;
  /** Saves a document that is still loaded. */
  readonly save: (uri: string) => PromiseLike<unknown>;
}

interface Refusal {
  readonly applied: false;
  readonly failureReason: string;
}

/**
 * Applies an edit of documents, unless all of them are transcripts whose tabs were closed: VS Code keeps a document for
 * minutes after that, and brings the tab of one back that has changed and is not saved. So one that was closed while the
 * edit was on its way is saved.
 */
export async function applyWhereShown<T>(uris: readonly string[], documents: Documents, apply: () => PromiseLike<T> | T): Promise<T | Refusal> {
  const transcripts = uris.filter(isTranscript);
  const shown = transcripts.filter(documents.isShown);
  if (uris.length > 0 && transcripts.length === uris.length && shown.length === 0) return { applied: false, failureReason: 'The transcript is not shown.' };
  const outcome = await apply();
  for (const uri of shown) if (!documents.isShown(uri)) await documents.save(uri);
  return outcome;
}
