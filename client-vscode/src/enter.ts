// What Enter adds to the indentation of a list's item, by the blanks behind its dash. Pure.

export interface EnterRule {
  /** The line up to the cursor. */
  readonly beforeText: RegExp;
  readonly appendText: string;
}

/** `- key: value` with one to three blanks: an item in quotes or brackets has no further keys, one without a value goes deeper. */
export const ENTER_RULES: readonly EnterRule[] = [1, 2, 3].map((blanks) => ({
  beforeText: new RegExp(`^\\s*- {${blanks}}[^\\s#"'{\\[][^:]*:\\s+[^\\s|>#].*$`),
  appendText: ' '.repeat(blanks + 1),
}));
