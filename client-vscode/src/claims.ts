// Which texts name models, as far as that can be told without the server: by a file's name, by what stands in it, by
// what looks like a model's name. The patterns are made from the server's own dialects and knowledge. Pure.

import claims from './generated/claims.json' with { type: 'json' };

/** Characters of a text that is searched for a model's name: of longer ones the name alone counts. */
export const LONGEST = 1024 * 1024;

/** Characters at the beginning in which a dialect looks for what makes a file its own. */
const SEARCHED = 64 * 1024;

interface Claim {
  readonly dialect: string;
  readonly path: RegExp;
  readonly except: RegExp | null;
  /** Null: the name alone decides. */
  readonly holds: RegExp | null;
}

const CLAIMS: readonly Claim[] = claims.files.map(({ dialect, path, except, holds }: { dialect: string; path: string; except?: string; holds?: string }) => ({
  dialect,
  path: new RegExp(path),
  except: except === undefined ? null : new RegExp(except),
  holds: holds === undefined ? null : new RegExp(holds, 'm'),
}));

const MODEL = new RegExp(claims.models, 'i');

/** Words near which a model is named, though none that is known: `model="my-llama"`, `openai.chat('`. */
const ABOUT_MODELS = /model|llm|openai|anthropic|claude|gemini|mistral|ollama/i;

/** The dialects that a file of this path, which begins with a slash, may be of: by its name alone, or by its text too. */
export function claimsOf(path: string, off: readonly string[]): { readonly byName: boolean; readonly byText: readonly RegExp[] } {
  const fitting = CLAIMS.filter((claim) => claim.path.test(path) && !claim.except?.test(path) && !off.includes(claim.dialect));
  return { byName: fitting.some(({ holds }) => holds === null), byText: fitting.flatMap(({ holds }) => holds ?? []) };
}

/** Whether a text is what one of the claims by text looks for. */
export function holdsOne(byText: readonly RegExp[], text: string): boolean {
  const head = text.slice(0, SEARCHED);
  return byText.some((holds) => holds.test(head));
}

/** Whether something in a text looks like a model's name. */
export const namesModel = (text: string): boolean => text.length <= LONGEST && MODEL.test(text);

/** Whether a text is about models at all. Where it is not, there is nothing to ask the server. */
export const isAboutModels = (text: string): boolean => text.length > LONGEST || ABOUT_MODELS.test(text) || MODEL.test(text);
