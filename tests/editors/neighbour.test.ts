// Beside another YAML extension in a real VS Code: both work on the same file, and neither disturbs the other.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { installExtension } from './pack.ts';
import { Place } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { FEATURE, ROOT, TEMPLATE } from './world.ts';

/** yaml-language-server, which the neighbour brings into VS Code. */
const YAML_SERVER = join(dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json')), 'bin/yaml-language-server');

/** A word that the schema does not allow, and a model that is not in the list. */
const WRONG = FEATURE.replace('type: review', 'type: reviewing');

const THEIRS = {
  'yaml.schemas': { [pathToFileURL(join(ROOT, 'schemas/workflow-template.schema.json')).href]: '**/.choragen/workflow-templates/*.yaml' },
  'yaml.schemaStore.enable': false,
};

describe('beside another YAML extension', () => {
  const at = new Place({ [TEMPLATE]: WRONG, 'other.yaml': 'a: [\n' }, { settings: THEIRS }, (editor) => installExtension(editor, 'neighbour', { SERVER: JSON.stringify(YAML_SERVER) }));
  const language = (code: Workbench) => code.page.locator('[id="status.editor.mode"]');

  /** Both say what they have to say of the template, and each once. */
  async function bothWork(code: Workbench): Promise<void> {
    await code.problems('yaml-schema');
    const ours = await code.problems("has no model `gpt-5.5-mini`");
    await until(async () => (await ours.count()) === 1, 'ours is said once');
    await until(async () => (await code.lens('Chat').count()) === 3 && (await code.lens('Change model').count()) === 3, 'each stage has its lenses once');

    await code.select('gpt-5.5-mini');
    const models = await code.suggestions('gpt-6.1-sol');
    await until(async () => (await models.count()) === 1, 'the model is offered once');
    await code.page.keyboard.press('Escape');

    await code.cursorAfter('claude-opus-5-5');
    await code.page.keyboard.press('ArrowLeft');
    await code.hoverAtCursor('Anthropic');
    await code.page.keyboard.press('Escape');
    await code.page.keyboard.press('Control+Home');
  }

  test('both check, complete and explain a template; each lens stands once', () =>
    at.inWindow(TEMPLATE, async (code) => {
      await code.opened('feature.yaml');
      await language(code).filter({ hasText: 'YAML' }).waitFor();
      await bothWork(code);
    }));

  test('a stage is changed and its quick fix taken while the other looks on', () =>
    at.inWindow(TEMPLATE, async (code) => {
      await code.opened('feature.yaml');
      await code.problems('yaml-schema');
      await code.problems("has no model `gpt-5.5-mini`");
      await code.cursorAfter('gpt-5.5-mini');
      const fixes = await code.quickFixes(/gpt-5\.4-mini/);
      await fixes.first().click();
      await code.problem('gpt-5.5-mini').first().waitFor({ state: 'detached' });
      await code.clickLens(code.lens('Change model').first(), code.row('current'));
      await code.choose('Model of design', 'haiku-5', 'claude-haiku-5-5');
      await code.page.locator('.view-line').filter({ hasText: 'claude-haiku-5-5' }).waitFor();
    }));

  test('a file of another kind is the other’s alone', () =>
    at.inWindow('other.yaml', async (code) => {
      await code.opened('other.yaml');
      await code.problems('YAML');
      assert.equal(await code.problem('stagewright').count(), 0);
    }));

  test('both work where the template has a language id of the other’s own', async () => {
    await at.editor.settings({ ...THEIRS, 'files.associations': { '**/.choragen/workflow-templates/*.yaml': 'neighbour' } });
    await at.inWindow(TEMPLATE, async (code) => {
      await code.opened('feature.yaml');
      await language(code).filter({ hasText: 'Neighbour' }).waitFor();
      await bothWork(code);
      await code.clickLens(code.lens('Change model').first(), code.row('current'));
      await code.choose('Model of design', 'haiku-5', 'claude-haiku-5-5');
      await code.page.locator('.view-line').filter({ hasText: 'claude-haiku-5-5' }).waitFor();
    });
  });
});
