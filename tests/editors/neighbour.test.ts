// Beside another YAML extension in a real VS Code: both work on the same file, and neither disturbs the other.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { installExtension } from './pack.ts';
import { Scene } from './scene.ts';
import { SLOW, until, type Editor, type Workbench } from './workbench.ts';
import { FEATURE, folderOf, ROOT, TEMPLATE } from './world.ts';

/** yaml-language-server, which the neighbour brings into VS Code. */
const YAML_SERVER = join(dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json')), 'bin/yaml-language-server');

/** A word that the schema does not allow, and a model that is not in the list. */
const WRONG = FEATURE.replace('type: review', 'type: reviewing');

const THEIRS = {
  'yaml.schemas': { [pathToFileURL(join(ROOT, 'schemas/workflow-template.schema.json')).href]: '**/.choragen/workflow-templates/*.yaml' },
  'yaml.schemaStore.enable': false,
};

describe('beside another YAML extension', () => {
  let scene: Scene;
  let editor: Editor;
  let folder: Awaited<ReturnType<typeof folderOf>>;

  before(async () => {
    scene = await Scene.open();
    folder = await folderOf({ [TEMPLATE]: WRONG, 'other.yaml': 'a: [\n' });
    editor = await scene.editor({ settings: THEIRS });
    await installExtension(editor, 'neighbour', { SERVER: JSON.stringify(YAML_SERVER) });
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
    await folder?.remove();
  });

  const problems = (code: Workbench, text: string) => code.page.locator('.markers-panel .monaco-list-row').filter({ hasText: text });
  const language = (code: Workbench) => code.page.locator('[id="status.editor.mode"]');

  /** Both say what they have to say of the template, and each once. */
  async function bothWork(code: Workbench): Promise<void> {
    await code.page.keyboard.press('Control+Shift+M');
    await problems(code, 'yaml-schema').first().waitFor({ timeout: SLOW });
    await problems(code, "has no model 'gpt-5.5-mini'").first().waitFor({ timeout: SLOW });
    assert.equal(await problems(code, "has no model 'gpt-5.5-mini'").count(), 1);
    await until(async () => (await code.lens('Chat').count()) === 3 && (await code.lens('Change model').count()) === 3, 'each stage has its lenses once');

    await code.select('gpt-5.5-mini');
    const rows = code.page.locator('.editor-instance .suggest-widget.visible .monaco-list-row');
    await until(async () => {
      await code.page.keyboard.press('Control+Space');
      await rows.filter({ hasText: 'gpt-6.1-sol' }).first().waitFor({ timeout: 3000 });
      return true;
    }, 'models are offered');
    assert.equal(await rows.filter({ hasText: 'gpt-6.1-sol' }).count(), 1);
    await code.page.keyboard.press('Escape');

    await code.cursorAfter('claude-opus-5-5');
    await code.page.keyboard.press('ArrowLeft');
    await code.page.keyboard.press('Control+k');
    await code.page.keyboard.press('Control+i'); // shows the hover
    await code.page.locator('.monaco-hover').filter({ hasText: 'Anthropic' }).first().waitFor({ timeout: SLOW });
    await code.page.keyboard.press('Escape');
    await code.page.keyboard.press('Control+Home');
  }

  test('both check, complete and explain a template; each lens stands once', () =>
    scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
      await code.opened('feature.yaml');
      await language(code).filter({ hasText: 'YAML' }).waitFor({ timeout: SLOW });
      await bothWork(code);
    }));

  test('a stage is changed and its quick fix taken while the other looks on', () =>
    scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
      await code.opened('feature.yaml');
      await code.page.keyboard.press('Control+Shift+M');
      await problems(code, 'yaml-schema').first().waitFor({ timeout: SLOW });
      await problems(code, "has no model 'gpt-5.5-mini'").first().waitFor({ timeout: SLOW });
      await code.cursorAfter('gpt-5.5-mini');
      const fix = code.page.locator('.action-widget .monaco-list-row').filter({ hasText: /gpt-5\.4-mini/ });
      await until(async () => {
        await code.page.keyboard.press('Escape');
        await code.page.keyboard.press('Control+.');
        await fix.first().waitFor({ timeout: 3000 });
        return true;
      }, 'the quick fix is offered');
      await fix.first().click();
      await problems(code, 'gpt-5.5-mini').first().waitFor({ state: 'detached', timeout: SLOW });
      await code.clickLens(code.lens('Change model').first(), code.row('current'));
      await code.choose('haiku-5', 'claude-haiku-5-5');
      await code.page.locator('.view-line').filter({ hasText: 'claude-haiku-5-5' }).waitFor({ timeout: SLOW });
    }));

  test('a file of another kind is the other’s alone', () =>
    scene.inWindow(editor, folder.path, join(folder.path, 'other.yaml'), async (code) => {
      await code.opened('other.yaml');
      await code.page.keyboard.press('Control+Shift+M');
      await problems(code, 'YAML').first().waitFor({ timeout: SLOW });
      assert.equal(await problems(code, 'stagewright').count(), 0);
    }));

  test('both work where the template has a language id of the other’s own', async () => {
    await editor.settings({ ...THEIRS, 'files.associations': { '**/.choragen/workflow-templates/*.yaml': 'neighbour' } });
    await scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
      await code.opened('feature.yaml');
      await language(code).filter({ hasText: 'Neighbour' }).waitFor({ timeout: SLOW });
      await bothWork(code);
      await code.clickLens(code.lens('Change model').first(), code.row('current'));
      await code.choose('haiku-5', 'claude-haiku-5-5');
      await code.page.locator('.view-line').filter({ hasText: 'claude-haiku-5-5' }).waitFor({ timeout: SLOW });
    });
  });
});
