// What the package promises: one version with the server, commands that exist, narrow activation.

import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { PANEL_COMMANDS } from '../src/webview/messages.ts';

const here = join(import.meta.dirname, '..');
const manifest = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'));
const sources = async (): Promise<string> => {
  const names = (await readdir(join(here, 'src'), { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  return (await Promise.all(names.map((name) => readFile(join(here, 'src', name), 'utf8')))).join('\n');
};

test('extension and server have one version', async () => {
  const server = await readFile(join(here, '../server/stagewright/__init__.py'), 'utf8');
  assert.equal(/__version__ = "([^"]+)"/.exec(server)?.[1], manifest.version);
});

test('every contributed command is registered, and every registered one that people may run is contributed', async () => {
  const registered = [...(await sources()).matchAll(/\b(?:command|trustedCommand|changing)\('(stagewright\.\w+)'/g)].map((match) => match[1]!);
  const contributed = (manifest.contributes.commands as { command: string }[]).map((entry) => entry.command);
  const internal = ['stagewright.showActions'];
  assert.deepEqual([...registered].filter((id) => !internal.includes(id)).sort(), [...contributed].sort());
  for (const id of PANEL_COMMANDS) assert.ok(registered.includes(id), id);
});

test('what needs trust is refused without it, and not offered', async () => {
  const trusted = [...(await sources()).matchAll(/\b(?:trustedCommand|changing)\('(stagewright\.\w+)'/g)].map((match) => match[1]!);
  const contributed = manifest.contributes.commands as { command: string; enablement?: string }[];
  assert.deepEqual(trusted.sort(), contributed.filter(({ enablement }) => enablement === 'isWorkspaceTrusted').map(({ command }) => command).sort());
});

test('one command is the only way in which the server is started anew', async () => {
  assert.deepEqual((await sources()).match(/^.*\.restart\(.*$/gm)?.map((line) => line.trim()), ["command('stagewright.restartServer', (options?: StartOptions) => parts.session.restart(options)),"]);
});

test('activation: once VS Code is up, and with restored panels; nothing is searched for', () => {
  assert.deepEqual(manifest.activationEvents, ['onStartupFinished', 'onWebviewPanel:stagewright.chat']);
});

test('a workspace cannot decide which program runs, where keys go, or what is asked', () => {
  const properties = manifest.contributes.configuration.properties as Record<string, { scope: string }>;
  for (const [name, { scope }] of Object.entries(properties))
    if (/\.(server|providers|models|files)\b/.test(name)) assert.equal(scope, name === 'stagewright.trace.server' ? 'window' : 'machine', name);
});

test('where files are not on disk it is off, and says what to do', () => {
  const { supported, description } = manifest.capabilities.virtualWorkspaces;
  assert.equal(supported, false);
  assert.match(description, /Clone the repository, or open it in a container/);
});

test('the lock file names versions, not places', async () => {
  for (const lock of ['package-lock.json', '../tests/editors/package-lock.json']) assert.doesNotMatch(await readFile(join(here, lock), 'utf8'), /"resolved"|https?:\/\/[^"]*\.tgz/, lock);
});

test('every picture is shown in the README, and says what is to be seen', async () => {
  const readme = await readFile(join(here, 'README.md'), 'utf8');
  const pictures = (await readdir(join(here, 'docs'))).filter((name) => name.endsWith('.png'));
  assert.deepEqual([...new Set(readme.match(/(?<=docs\/)[\w-]+\.png/g))].sort(), pictures.sort());
  for (const [, text] of readme.matchAll(/!\[(.*?)\]\(/g)) assert.ok(text!.length > 30, text);
});

test('pictures are light enough to be loaded with the page', async () => {
  for (const name of await readdir(join(here, 'docs'))) assert.ok((await stat(join(here, 'docs', name))).size < 200_000, name);
});
