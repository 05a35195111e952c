// Replacing a model everywhere in a real VS Code: models of roles too, files that stay, files that change meanwhile.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { Place } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { FEATURE, HOTFIX, HOTFIX_TEMPLATE, TEMPLATE } from './world.ts';

const BROKEN = '.choragen/workflow-templates/old.yaml';
const ROLES = '.choragen/roles/index.yaml';
const ROLE_INDEX = `roles:
  - id: critic
    name: Critic
    toolIds: []
    model:
      provider: openai
      model: gpt-4.1
`;

describe('a model is replaced everywhere', () => {
  const files = { [TEMPLATE]: FEATURE.replace('gpt-5.5-mini', 'gpt-5.4-mini'), [BROKEN]: FEATURE.replace('name: feature', 'name: old'), [HOTFIX_TEMPLATE]: HOTFIX, [ROLES]: ROLE_INDEX };
  const at = new Place(files);
  const text = (path: string): Promise<string> => readFile(path, 'utf8');
  const ok = (code: Workbench): Promise<void> => code.page.locator('.quick-input-widget:visible').getByRole('button', { name: 'OK' }).click();
  /** As far as the list of files in which it would be replaced. */
  async function replace(code: Workbench, from: string, to: string): Promise<void> {
    await code.command('Stagewright: Replace Model Everywhere');
    await code.choose('Replace which model?', from);
    await code.choose(`Replace ${from} with`, to);
    await code.asked(`with openai/${to}?`).waitFor();
  }

  test('the model is found although its list comes only once its name is typed', () =>
    at.inWindow(TEMPLATE, async (code) => {
      await at.scene.loopback.control({ faults: [{ path: '/openai/', kind: 'hold' }] });
      await code.opened('feature.yaml');
      await code.command('Stagewright: Replace Model Everywhere');
      await code.choose('Replace which model?', 'openai/gpt-4.1');
      await code.asked('Replace openai/gpt-4.1 with').locator('input.input').fill('gpt-6-luna');
      await at.scene.loopback.fix();
      await code.choose('Replace openai/gpt-4.1 with', 'gpt-6-luna');
      await code.asked('with openai/gpt-6-luna?').waitFor();
      await code.page.keyboard.press('Escape');
    }));

  test('what is broken comes first and says so; what is nearest to it, of the same provider, heads the list', () =>
    at.inWindow(TEMPLATE, async (code) => {
      await code.opened('feature.yaml');
      const rows = code.page.locator('.quick-input-list .monaco-list-row');
      await until(async () => {
        await code.command('Stagewright: Replace Model Everywhere');
        await rows.filter({ hasText: /gpt-5\.5-mini.*not available.*old\.yaml: implementation/s }).waitFor({ timeout: 5000 }); // known once the list is there
        return true;
      }, 'the broken model says so');
      const marked = await rows.evaluateAll((all) => all.map((row) => row.querySelector('.codicon-warning') !== null));
      assert.ok(marked.includes(false) && marked.lastIndexOf(true) < marked.indexOf(false), `those that are marked come first: ${marked}`);
      await code.choose('Replace which model?', 'gpt-5.5-mini');
      await code.asked('Replace openai/gpt-5.5-mini with').getByText('Nearest', { exact: true }).waitFor();
      await rows.first().filter({ hasText: /^gpt-5/ }).waitFor();
      await code.page.keyboard.press('Escape');
    }));

  test('also where only a role names it', () =>
    at.inWindow(TEMPLATE, async (code, path) => {
      await code.opened('feature.yaml');
      await replace(code, 'openai/gpt-4.1', 'gpt-6-luna');
      await code.row('index.yaml').filter({ hasText: '1 use' }).waitFor();
      await ok(code);
      await until(async () => (await text(path(ROLES))) === ROLE_INDEX.replace('gpt-4.1', 'gpt-6-luna'), 'the role has the other model');
    }));

  test('what was changed meanwhile is shown once more; an unticked file stays', () =>
    at.inWindow(TEMPLATE, async (code, path) => {
      await code.opened('feature.yaml');
      await replace(code, 'openai/gpt-5.4-mini', 'gpt-6-luna');
      await code.row('hotfix.yaml').filter({ hasText: '2 uses' }).waitFor();
      const meanwhile = HOTFIX.replace('model: gpt-5.4-mini', 'model: gpt-6.1-sol');
      await writeFile(path(HOTFIX_TEMPLATE), meanwhile);
      await code.page.locator('.editor.original .view-line').filter({ hasText: 'gpt-6.1-sol' }).waitFor();
      await ok(code);
      await code.notification('A file was changed meanwhile: please look at the changes once more.').waitFor();
      await code.row('hotfix.yaml').filter({ hasText: '1 use' }).waitFor();
      assert.deepEqual([await text(path(TEMPLATE)), await text(path(HOTFIX_TEMPLATE))], [files[TEMPLATE], meanwhile], 'nothing has changed yet');

      await code.row('feature.yaml').click();
      await code.page.locator('.quick-input-widget:visible').getByText('1 Selected').waitFor();
      await ok(code);
      await until(async () => (await text(path(HOTFIX_TEMPLATE))) === meanwhile.replace('gpt-5.4-mini', 'gpt-6-luna'), 'the ticked file is changed and saved');
      assert.equal(await text(path(TEMPLATE)), files[TEMPLATE]);
    }));
});
