// A server that is killed in a real VS Code: it is started again and everything is back, until it is too often.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Editor } from './editor.ts';
import { inMidAnswer, LONG, Scene, story } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { FEATURE, folderOf, TEMPLATE } from './world.ts';

const END = 'The Stagewright server ended unexpectedly 4 times and was not started again.';

describe('the server is killed', () => {
  let scene: Scene;
  let folder: Awaited<ReturnType<typeof folderOf>>;
  let server: Awaited<ReturnType<Scene['server']>>;
  let editor: Editor;
  let code: Workbench;

  before(async () => {
    scene = await Scene.open();
    folder = await folderOf({ [TEMPLATE]: FEATURE });
    server = await scene.server('killed');
    editor = await scene.editor({ settings: { 'stagewright.server.path': server.path } });
    code = await scene.window(editor, folder.path, join(folder.path, TEMPLATE));
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
    await folder?.remove();
  });

  const step = story(() => ({ editor, code }));

  const panel = () => code.panel();
  const message = () => panel().getByRole('textbox', { name: 'Message' });
  const answers = () => panel().locator('.message.answer:not(.streaming)');
  const said = () => panel().locator('.message .bubble, .message .markdown').allInnerTexts();
  const problem = () => code.problem('gpt-5.5-mini');
  const kept = async (): Promise<string> => {
    const workflows = join(folder.path, '.choragen/workflows');
    const [name] = (await readdir(workflows)).filter((file) => /^WF-.*\.json$/.test(file));
    return readFile(join(workflows, name!), 'utf8');
  };
  const say = async (text: string): Promise<void> => {
    await message().fill(text);
    await panel().getByRole('button', { name: 'Send' }).click();
  };
  const started = (count: number): Promise<void> => until(async () => (await server.pids()).length === count, `the server was started ${count} times`);
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => void process.kill((await server.pids()).at(-1)!, signal);
  const connected = (count: number): Promise<void> =>
    until(async () => (await editor.log()).match(/is running\./g)?.length === count && (await panel().locator('.panel[data-ready="true"]').count()) === 1, 'the panel has its server again');

  step('while nothing happens: started again; problems, lenses, conversation and draft are as before', async () => {
    await scene.loopback.control({ chats: [{ text: 'Before the end.' }, { text: 'After it.' }] });
    await code.opened('feature.yaml');
    await code.problems('gpt-5.5-mini');
    await code.chatByLens(code.lens('Chat').first(), 'feature: design');
    await connected(1);
    await say('Hello?');
    await answers().filter({ hasText: 'Before the end.' }).waitFor();
    await message().fill('An unsent thought');
    await code.lens('Chat').first().waitFor();
    const before = { said: await said(), lenses: await code.lens('Chat').count(), problems: await problem().count() };
    assert.deepEqual(before.said, ['Hello?', 'Before the end.']);

    await kill();
    await started(2);
    await connected(2);
    await until(async () => (await problem().count()) === before.problems && (await code.lens('Chat').count()) === before.lenses, 'problems and lenses are back, once each');
    assert.deepEqual(await said(), before.said);
    assert.equal(await message().inputValue(), 'An unsent thought');
    await panel().getByRole('button', { name: 'Send' }).click();
    await answers().filter({ hasText: 'After it.' }).waitFor();
    assert.equal(await code.page.locator('.notification-list-item').count(), 0, 'a server that is back is no news');
  });

  step('in mid-answer: what had been kept is shown, why there is no more, and a retry answers', async () => {
    await scene.loopback.control({ chats: [inMidAnswer(LONG), { text: 'The whole answer.' }] });
    await say('In detail, please.');
    await panel().locator('.streaming .markdown').filter({ hasText: 'Step 3' }).waitFor();
    await until(async () => (await kept()).includes('Step 2'), 'a part of it is kept');
    await kill();
    await started(3);
    await connected(3);
    const broken = panel().locator('.message.answer').filter({ hasText: 'Step 2' });
    await broken.locator('.partial').filter({ hasText: 'Stagewright was closed before the answer was complete; the partial answer is kept.' }).waitFor();
    assert.ok(plain(LONG).startsWith(plain(await broken.locator('.markdown').innerText())));
    assert.deepEqual((await said()).slice(0, 4), ['Hello?', 'Before the end.', 'An unsent thought', 'After it.']);
    await broken.getByRole('button', { name: 'Regenerate with another model' }).click();
    await code.pickModel('gpt-6.1');
    await answers().filter({ hasText: 'The whole answer.' }).waitFor();
  });

  step('while a command waits for it: said in words', async () => {
    await kill('SIGSTOP');
    await panel().getByRole('button', { name: 'All workflows' }).click();
    await panel().getByText('Reading workflows').waitFor();
    await kill();
    await panel().getByRole('alert').filter({ hasText: 'The Stagewright server ended before it answered. Try again in a moment.' }).waitFor();
    await started(4);
    await connected(4);
    await panel().getByRole('button', { name: 'All workflows' }).waitFor(); // back in the chat: no list will come
  });

  step('too often: said, with the log and a restart, and what is done meanwhile says so too', async () => {
    const end = code.notification(END);
    let starts = 4;
    // What ended minutes ago counts no more: on a slow machine it takes another kill.
    const isEnd = async (): Promise<boolean> => {
      await kill();
      await until(async () => (await end.isVisible()) || (await server.pids()).length > starts, 'it is said or started again');
      return end.isVisible();
    };
    while (!(await isEnd())) await connected(++starts);
    await panel().getByRole('alert').filter({ hasText: 'ended unexpectedly 4 times' }).getByRole('button', { name: 'Restart' }).waitFor();
    assert.equal((await server.pids()).length, starts);
    await code.press(END, 'Show Log');
    await code.output('Stagewright', 'was not started again');
    await end.waitFor({ state: 'detached' });
    assert.deepEqual((await said()).at(-1), 'The whole answer.', 'the conversation stays in sight');

    await code.command('Stagewright: Open Workflow');
    await code.press(END, 'Restart');
    await started(starts + 1);
    await connected(starts + 1);
    await scene.loopback.control({ chats: [{ text: 'Here again.' }] });
    await say('And now?');
    await answers().filter({ hasText: 'Here again.' }).waitFor();
    await code.problems('gpt-5.5-mini');
    await until(async () => (await problem().count()) === 1, 'the problem is there once');

    await code.command('Stagewright: Restart Server');
    await started(starts + 2);
    await connected(starts + 2);
    const errors = (await editor.log()).match(/\[error\] Server process exited.*/g);
    assert.deepEqual(errors, Array(starts).fill('[error] Server process exited with signal SIGKILL.'), 'only an end that nobody wanted is an error');
  });

  test('the window is closed: the server is told to end, and is not killed', async () => {
    await code.page.close();
    await until(async () => (await editor.log()).match(/\[info\] Server process exited successfully/g)?.length === 2, 'the server ended, as it did when it was restarted');
  });
});

/** Text without what Markdown makes of it. */
const plain = (text: string): string => text.replaceAll('*', '').replaceAll(/\s+/g, ' ').trim();
