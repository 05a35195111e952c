// Markdown of a model's answer to HTML that cannot act: no raw HTML, no remote resource, links to the web only.

import MarkdownIt from 'markdown-it';
import { highlight } from './highlight.ts';

const SAFE_LINK = /^(?:https?:\/\/|mailto:)/i;

const markdown = new MarkdownIt('default', { html: false, linkify: true, breaks: false });

markdown.validateLink = (url) => SAFE_LINK.test(url.trim());
// Bare words such as `main.py` are no web addresses.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

// An image would be fetched from wherever the answer says: its description and address are shown instead.
markdown.renderer.rules['image'] = (tokens, index) => {
  const token = tokens[index]!;
  const address = String(token.attrGet('src') ?? '');
  const text = markdown.utils.escapeHtml(token.content || address);
  const icon = '<i class="codicon codicon-file-media" aria-hidden="true"></i>';
  return `<a href="${markdown.utils.escapeHtml(address)}" title="Image, not loaded: ${markdown.utils.escapeHtml(address)}">${icon}${text}</a>`;
};

markdown.renderer.rules['link_open'] = (tokens, index, options, _environment, self) => {
  const token = tokens[index]!;
  // Where a link leads is always visible, whatever its text claims.
  token.attrSet('title', token.attrGet('href') ?? '');
  return self.renderToken(tokens, index, options);
};

markdown.renderer.rules['fence'] = (tokens, index) => {
  const token = tokens[index]!;
  const language = token.info.trim().split(/\s+/, 1)[0] ?? '';
  const code = highlight(token.content, language) ?? markdown.utils.escapeHtml(token.content);
  return (
    `<div class="code" dir="ltr"><div class="code-bar"><span>${markdown.utils.escapeHtml(language)}</span>` +
    `<button type="button" class="icon-button copy-code" title="Copy code" aria-label="Copy code"><i class="codicon codicon-copy" aria-hidden="true"></i></button></div>` +
    `<pre tabindex="0"><code>${code}</code></pre></div>\n`
  );
};

// Column alignment comes as inline styles, which the panel's content security policy refuses.
for (const rule of ['th_open', 'td_open'] as const)
  markdown.renderer.rules[rule] = (tokens, index, options, _environment, self) => {
    const token = tokens[index]!;
    const style = String(token.attrGet('style') ?? '');
    if (style) token.attrs = [['class', style.replace('text-align:', 'align-')]];
    return self.renderToken(tokens, index, options);
  };

// A table wider than the panel scrolls by itself, by keyboard too.
markdown.renderer.rules['table_open'] = (tokens, index, options, _environment, self) => `<div class="table" role="region" aria-label="Table" tabindex="0">${self.renderToken(tokens, index, options)}`;
markdown.renderer.rules['table_close'] = () => '</table></div>\n';

// Task lists, as `- [x] done`: marks to be read, no form elements.
markdown.core.ruler.push('tasks', (state) => {
  for (const [index, token] of state.tokens.entries()) {
    const item = state.tokens[index - 2];
    const first = token.children?.[0];
    const mark = first?.type === 'text' && item?.type === 'list_item_open' ? /^\[([ xX])\]\s+/.exec(first.content) : null;
    if (!mark) continue;
    first!.content = first!.content.slice(mark[0].length);
    const task = new state.Token('task', '', 0);
    task.meta = { done: mark[1] !== ' ' };
    token.children!.unshift(task);
    item!.attrJoin('class', 'task');
  }
});
markdown.renderer.rules['task'] = (tokens, index) => {
  const done = tokens[index]!.meta?.['done'] === true;
  return `<i class="codicon task-box${done ? ' codicon-check' : ''}" role="img" aria-label="${done ? 'Done' : 'To do'}"></i>`;
};

// Each block runs in the direction of its own first letters.
markdown.core.ruler.push('direction', (state) => {
  for (const token of state.tokens) if (token.level === 0 && token.nesting === 1) token.attrSet('dir', 'auto');
});

/** HTML of trusted elements only; the panel sends it through DOMPurify all the same before it shows it. */
export function renderMarkdown(text: string): string {
  return markdown.render(text);
}

/** The same for a text that grows: emphasis and code that its last line has begun are shown as such, not as their marks. */
export function renderGrowing(text: string): string {
  const start = text.lastIndexOf('\n') + 1;
  const inFence = (text.match(/^ {0,3}(?:`{3}|~{3})/gm) ?? []).length % 2 === 1;
  return renderMarkdown(inFence ? text.replace(/^ {0,3}[`~]{1,2}$(?![^])/m, '') : text.slice(0, start) + withMarksClosed(text.slice(start)));
}

function withMarksClosed(line: string): string {
  const open: string[] = [];
  let end = line.length;
  for (const { 0: mark, index } of line.matchAll(/`+|\*+/g)) {
    const [before, after] = [line[index - 1] ?? ' ', line[index + mark.length]];
    if (open.at(-1) === mark) open.pop();
    else if (after === undefined) end = index; // its other half, or what it marks, is still to come
    else if (!open.at(-1)?.startsWith('`') && !(before === ' ' && after === ' ')) open.push(mark);
  }
  const closed = line.slice(0, end).trimEnd() + open.reverse().join('');
  return /^\s*(?:[-=+*#>]+|\d+[.)]?)$/.test(closed) ? '' : closed; // a hyphen alone would make a heading of the line above it
}

/** What DOMPurify lets pass: exactly what the renderer above writes. */
export const SANITIZE = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'strong', 'em', 's', 'a'],
    ...['code', 'pre', 'div', 'span', 'i', 'button', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'class', 'type', 'start', 'tabindex', 'dir', 'role', 'aria-label', 'aria-hidden'],
  ALLOWED_URI_REGEXP: SAFE_LINK,
  // DOMPurify holds the values of all others against the pattern for links.
  ADD_URI_SAFE_ATTR: ['type', 'start', 'tabindex', 'dir', 'role', 'aria-label', 'aria-hidden'],
  ALLOW_DATA_ATTR: false,
};
