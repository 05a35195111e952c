// Models that another extension offers in VS Code: a prompt is completed and checked by them; without any, nothing is said.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installExtension } from './pack.ts';
import { Place } from './scene.ts';
import type { Workbench } from './workbench.ts';
import { FEATURE, TEMPLATE } from './world.ts';

const PROMPT = '.github/prompts/plan.prompt.md';
const prompt = (model: string): string => `---\ndescription: Plans a change\nmodel: ${model}\n---\n\nPlan the change.\n`;
const FILES = { [PROMPT]: prompt('Acme Fast 2 (acme)'), [TEMPLATE]: FEATURE };
/** As people have it: with what VS Code itself has to do with models. */
const WITH_AI = { 'chat.disableAIFeatures': false };
const NOT_OFFERED = '`Acme Fast 2` is not offered by VS Code on this machine';

/** What we say in the Problems view; VS Code has its own to say of such a name. */
const ours = (code: Workbench) => code.problem('stagewright');

describe('with an extension that offers models', () => {
  const at = new Place(FILES, { settings: WITH_AI }, (editor) => installExtension(editor, 'offering'));

  test('a prompt is completed and checked, and again when others are offered', () =>
    at.inWindow(PROMPT, async (code) => {
      await code.opened('plan.prompt.md');
      await code.problems(NOT_OFFERED);
      await code.cursorAfter('Acme Fast 2');
      const fixes = await code.quickFixes(/Use .Acme Fast/);
      await fixes.first().waitFor();
      await code.page.keyboard.press('Escape');

      await code.select('Fast 2 (acme)');
      await code.page.keyboard.press('Delete');
      const found = await code.suggestions('Acme Deep (Preview)');
      await found.filter({ hasText: 'acme' }).first().click();
      await code.page.locator('.view-line').filter({ hasText: 'model: Acme Deep (Preview) (acme)' }).waitFor();
      await code.problem(NOT_OFFERED).first().waitFor({ state: 'detached' });
      await code.cursorAfter('Acme Deep');
      await code.page.keyboard.press('ArrowLeft');
      await code.hoverAtCursor("From VS Code's list of 2 models");
      await code.page.keyboard.press('Escape');
    }));

  test('what is offered later counts from then on, and what is offered no more does not', () =>
    at.inWindow(PROMPT, async (code) => {
      await code.opened('plan.prompt.md');
      await code.problems(NOT_OFFERED);
      await code.command('Acme: Offer Another Model');
      await code.problem(NOT_OFFERED).first().waitFor({ state: 'detached' });
      await code.select('Fast 2 (acme)');
      await code.page.keyboard.type('Slow (acme)');
      await code.problem('`Acme Slow` is not offered').first().waitFor();
      await code.command('Acme: Offer No Model');
      await code.problem('`Acme Slow` is not offered').first().waitFor({ state: 'detached' });
    }));

  test('it is changed to one of those that are offered, and to no other', () =>
    at.inWindow(PROMPT, async (code) => {
      await code.opened('plan.prompt.md');
      await code.problems(NOT_OFFERED);
      await code.cursorAfter('Acme Fast 2');
      await code.command('Stagewright: Change Model');
      const asked = code.asked('Change Acme Fast 2 (acme) to');
      await asked.waitFor();
      assert.equal(await code.row(/gpt|claude/).count(), 0);
      await code.choose('Change Acme Fast 2 (acme) to', 'Deep', 'Acme Deep (Preview)');
      await code.page.locator('.view-line').filter({ hasText: 'model: Acme Deep (Preview) (acme)' }).waitFor();
    }));

  test('they are in the list of no stage', () =>
    at.inWindow(PROMPT, async (code) => {
      await code.opened('plan.prompt.md');
      await code.problems(NOT_OFFERED);
      await code.openFile('feature.yaml');
      await code.select('gpt-5.5-mini');
      await code.suggestions('gpt-6.1-sol');
      assert.equal(await code.page.locator('.suggest-widget .monaco-list-row').filter({ hasText: 'Acme' }).count(), 0);
    }));
});

describe('where nothing is offered', () => {
  const at = new Place(FILES, { settings: WITH_AI });

  test('a prompt is neither completed nor checked', () =>
    at.inWindow(PROMPT, async (code) => {
      await code.opened('plan.prompt.md');
      await code.openFile('feature.yaml');
      await code.problems('gpt-5.5-mini'); // the server has looked at all there is
      assert.equal(await ours(code).filter({ hasText: 'Acme' }).count(), 0);
    }));
});
