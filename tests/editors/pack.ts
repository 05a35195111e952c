// Another extension beside ours, packaged from a folder of the tests.

import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Editor } from './editor.ts';
import { ROOT } from './world.ts';

const run = promisify(execFile);
const CLIENT = join(ROOT, 'client-vscode');

/** Packages the extension in folder `name` with the tools that ours is built with, and installs it; `define` is written into its code. */
export async function installExtension(editor: Editor, name: string, define: Readonly<Record<string, string>> = {}): Promise<void> {
  const source = join(import.meta.dirname, name);
  const target = await mkdtemp(join(tmpdir(), 'stagewright-extension-'));
  try {
    const { build } = createRequire(join(CLIENT, 'package.json'))('esbuild') as { build(options: object): Promise<unknown> };
    await build({
      entryPoints: [join(source, 'extension.ts')], outfile: join(target, 'extension.cjs'), bundle: true, platform: 'node', format: 'cjs',
      external: ['vscode'], nodePaths: [join(CLIENT, 'node_modules')], define, logLevel: 'warning',
    });
    await copyFile(join(source, 'package.json'), join(target, 'package.json'));
    await run(join(CLIENT, 'node_modules/.bin/vsce'), ['package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', 'extension.vsix'], { cwd: target });
    await editor.install(join(target, 'extension.vsix'));
  } finally {
    await rm(target, { recursive: true });
  }
}
