// What surrounds the editor in a test: loopback providers, a workspace of templates, places for caches.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = join(import.meta.dirname, '../..');
export const DOCS = join(ROOT, 'client-vscode/docs');
const PYTHON = join(ROOT, '.venv/bin/python');

/** Keys and origins that lead to a provider elsewhere have no place in a test. */
const FOREIGN = /_API_KEY$|_BASE_URL$|^OLLAMA_HOST$|^STAGEWRIGHT_(?!EDITORS)/;

/** The environment of an editor: without the machine's own keys, with empty caches. */
export function cleanEnvironment(home: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
  return { ...kept, XDG_CACHE_HOME: join(home, 'cache'), XDG_CONFIG_HOME: join(home, 'config'), ...more };
}

/** All providers on one loopback port, in a process of their own. */
export class Loopback {
  readonly origin: string;
  /** What leads a server there. */
  readonly environ: Record<string, string>;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, said: { origin: string; environ: Record<string, string> }) {
    this.#process = child;
    this.origin = said.origin;
    this.environ = said.environ;
  }

  static async start(): Promise<Loopback> {
    const child = spawn(PYTHON, ['-m', 'tests.loopback'], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the loopback providers ended with ${code}`)));
    });
    return new Loopback(child, JSON.parse(line));
  }

  /** How the next chats are answered (`chats`), all others (`chat`), and what goes wrong (`faults`). */
  async control(said: object): Promise<void> {
    await fetch(`${this.origin}/_control`, { method: 'POST', body: JSON.stringify(said) });
  }

  close(): void {
    this.#process.stdin!.end();
  }
}

/** A new folder that holds these files; `remove` takes it away. */
export async function folderOf(files: Record<string, string>, prefix = 'feature-work-'): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}

export const TEMPLATE = '.choragen/workflow-templates/feature.yaml';

export const FEATURE = `name: feature
displayName: Feature
description: From a request to reviewed code
version: 1
stages:
  - name: design
    type: design
    initPrompt: Propose a design for {{requestId}}. Name the parts and what each must never do.
    defaultModel:
      provider: anthropic
      model: claude-opus-5-5
    gate:
      type: human_approval
      prompt: Is the design ready to be built?
  - name: implementation
    type: implementation
    defaultModel:
      provider: openai
      model: gpt-5.5-mini
    gate:
      type: verification_pass
      commands:
        - make check
        - make test
  - name: review
    type: review
    gate:
      type: auto
`;
