// Syntax colours for code in answers: HTML whose classes the style sheet gives the editor's own colours.

import hljs from 'highlight.js/lib/common';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import powershell from 'highlight.js/lib/languages/powershell';

hljs.registerLanguage('dockerfile', dockerfile);
hljs.registerLanguage('powershell', powershell);

/** Longer code, in UTF-16 code units, stays plain: a file of that size is read elsewhere, and would stop the panel. */
const LONGEST = 20_000;
/** A growing answer is rendered many times a second, and most of its code is as it was. */
const KEPT = 200;
const kept = new Map<string, string>();

/** The code as HTML, or null where its language is not known, or it is too long: then it is shown plain. */
export function highlight(code: string, language: string): string | null {
  if (code.length > LONGEST || !hljs.getLanguage(language)) return null;
  const key = `${language}\n${code}`;
  const html = kept.get(key) ?? hljs.highlight(code, { language, ignoreIllegals: true }).value;
  kept.delete(key); // put at the end: the first is the one that was not needed for longest
  kept.set(key, html);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return html;
}
