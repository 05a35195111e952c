// Answers are written by strangers: nothing in them may act, load or mislead. (In a browser too: `tests/editors`.)

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderGrowing, renderMarkdown } from '../src/webview/markdown.ts';

describe('hostile text stays text', () => {
  for (const text of [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '<svg/onload=alert(1)>',
    '<iframe src="https://example.org"></iframe>',
    '<style>*{display:none}</style>',
    'text <b onclick="alert(1)">bold</b>',
  ])
    test(text, () => {
      const html = renderMarkdown(text);
      assert.doesNotMatch(html, /<(script|img|svg|iframe|style|b)\b/i);
      assert.doesNotMatch(html, /<[^>]+\son\w+=/i);
      assert.match(html, /&lt;/);
    });
});

describe('links lead to the web only', () => {
  for (const target of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'vbscript:x', 'data:text/html,<script>', 'file:///etc/passwd', 'command:workbench.action.quit', 'vscode:extension/x', '//example.org', 'page.html', '&#106;avascript:alert(1)', ' javascript:alert(1)'])
    test(target, () => assert.doesNotMatch(renderMarkdown(`[click](<${target}>)`), /<a\b/));

  for (const target of ['https://example.org/a?b=c', 'http://example.org', 'mailto:someone@example.org'])
    test(target, () => assert.match(renderMarkdown(`[click](${target})`), /<a href="[^"]+" title="[^"]+">click<\/a>/));

  test('where a link leads is in its title, whatever its text or title claim', () => {
    assert.match(renderMarkdown('[https://good.example](https://evil.example "https://good.example")'), /title="https:\/\/evil\.example"/);
  });
});

test('an image is a link to it: nothing is loaded', () => {
  const html = renderMarkdown('![a "cat"](https://example.org/cat.png)');
  assert.doesNotMatch(html, /<img/);
  assert.match(html, /<a href="https:\/\/example\.org\/cat\.png"[^>]*><i [^>]*><\/i>a &quot;cat&quot;<\/a>/);
  assert.doesNotMatch(renderMarkdown('![x](javascript:alert(1))'), /<a|<img/);
});

test('code is shown as it is, its language escaped', () => {
  const html = renderMarkdown('```"><script>\nif (a < b) {}\n```');
  assert.match(html, /if \(a &lt; b\) \{\}/);
  assert.doesNotMatch(html, /<script/);
});

test('alignment needs no inline style, which the content security policy refuses', () => {
  const html = renderMarkdown('| a | b |\n| --- | ---: |\n| 1 | 2 |');
  assert.doesNotMatch(html, /style=/);
  assert.match(html, /<td class="align-right">2<\/td>/);
});

test('each block runs in the direction of its own first letters; code always from the left', () => {
  const html = renderMarkdown('שלום\n\n- one\n- two\n\n```\ncode\n```');
  assert.match(html, /<p dir="auto">שלום<\/p>\n<ul dir="auto">/);
  assert.match(html, /<div class="code" dir="ltr">/);
});

test('a wide table scrolls by itself, by keyboard too', () => {
  assert.match(renderMarkdown('| a |\n| --- |\n| 1 |'), /^<div class="table" role="region" aria-label="Table" tabindex="0"><table dir="auto">[^]*<\/table><\/div>\n$/);
});

test('file names are no links', () => {
  assert.doesNotMatch(renderMarkdown('see main.py and README.md'), /<a/);
  assert.match(renderMarkdown('see https://example.org'), /<a href="https:\/\/example\.org"/);
});

describe('a growing answer', () => {
  const plain = (html: string): string => html.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ').trim();
  const whole = 'Three parts:\n- **Step 1.** Ship `ledger.begin(*key)` and *every* `x`.\n- ***Both*** of **them `now`** end.\n\n```js\nlet **a = 2 * 3;\n```\n\nOr 2 * 3 **times**.';

  test('shows no mark that is not closed yet, and never more than the whole', () => {
    const end = plain(renderMarkdown(whole));
    for (let length = 1; length <= whole.length; length++) {
      const shown = plain(renderGrowing(whole.slice(0, length)));
      assert.ok(end.startsWith(shown.replace(/ ?[.:;]?$/, '')), `${JSON.stringify(whole.slice(0, length))} is shown as ${shown}`);
      assert.doesNotMatch(renderGrowing(whole.slice(0, length)), /<h\d/);
    }
  });
  test('is the same as the whole when it ends', () => assert.equal(renderGrowing(whole), renderMarkdown(whole)));
});

describe('code in colours', () => {
  const code = (language: string, text: string): string => /<code>([^]*)<\/code>/.exec(renderMarkdown(`\`\`\`${language}\n${text}\n\`\`\``))![1]!;

  for (const [language, text, part] of [
    ['python', 'def f(x): return "a"', '<span class="hljs-keyword">def</span>'],
    ['ts', 'const a: number = 1; // one', '<span class="hljs-comment">// one</span>'],
    ['yaml', 'model: gpt-5', '<span class="hljs-attr">model:</span>'],
    ['sh', 'echo "$HOME"', '<span class="hljs-built_in">echo</span>'],
    ['Dockerfile', 'FROM debian', '<span class="hljs-keyword">FROM</span>'],
  ] as const)
    test(language, () => assert.ok(code(language, text).includes(part), code(language, text)));

  test('nothing in it acts', () => {
    for (const language of ['html', 'php', 'markdown', 'js', 'nosuch', '']) {
      const html = code(language, '<img src=x onerror="alert(1)"> </code><script>alert(1)</script>');
      assert.doesNotMatch(html, /<(?!\/?span)/, language);
    }
  });

  test('of no language we know, or as long as a file, it stays plain', () => {
    assert.equal(code('', 'def f(): pass'), 'def f(): pass\n');
    assert.equal(code('brainfuck', '+++'), '+++\n');
    assert.doesNotMatch(code('python', 'x = 1\n'.repeat(5000)), /<span/);
  });

  test('is the same text', () => {
    const text = 'a < b && c > "d" # é\n\tif x:\n';
    assert.equal(code('python', text).replaceAll(/<[^>]+>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'), `${text}\n`);
  });
});

describe('task lists', () => {
  test('marks say what is done', () => {
    const html = renderMarkdown('- [x] one\n- [ ] **two**\n- [X] three');
    assert.deepEqual(html.match(/aria-label="[^"]+"/g), ['aria-label="Done"', 'aria-label="To do"', 'aria-label="Done"']);
    assert.match(html, /<li class="task"><i [^>]+><\/i>one<\/li>/);
    assert.match(html, /<\/i><strong>two<\/strong>/);
  });

  test('what only looks like one is text', () => {
    for (const text of ['[x] no list', '- [y] other letter', '- [x]no blank', '- text [x] later', '- `[x] code`', '- [x](https://example.org)']) assert.doesNotMatch(renderMarkdown(text), /task/, text);
  });

  test('numbered, nested, and with paragraphs between', () => {
    assert.equal(renderMarkdown('1. [ ] a\n   - [x] b\n\n2. [x] c').match(/class="task"/g)?.length, 3);
  });
});
