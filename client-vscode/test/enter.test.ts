// Where Enter leads behind a list's item.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ENTER_RULES } from '../src/enter.ts';

const added = (line: string): number => ENTER_RULES.find(({ beforeText }) => beforeText.test(line))?.appendText.length ?? 0;

describe('Enter', () => {
  for (const line of ['- name: build', '  - name: build', '  - label: Go on: now', '      - type: command # first'])
    test(`leads below the key: ${line}`, () => assert.equal(added(line), 2));
  test('as many blanks as stand behind the dash', () => assert.deepEqual(['-  a: b', '-   a: b'].map(added), [3, 4]));
  for (const line of ['name: build', '  - make check', '  - {name: build}', '  - "a: b"', "  - 'a: b'", '  - gate:', '  - prompt: |', '  - # name: build', '  - http://example.org', '  -', '  - gate: # later'])
    test(`is left to the editor: ${line}`, () => assert.equal(added(line), 0));
});
