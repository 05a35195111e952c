// What surrounds the editor in a test: loopback providers, a workspace of templates, places for caches.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = join(import.meta.dirname, '../..');
export const DOCS = join(ROOT, 'client-vscode/docs');
const PYTHON = join(ROOT, '.venv/bin/python');

/** Writes settings so that no editor reads them half written, which would be settings of their own. */
export async function writeSettings(path: string, settings: Record<string, unknown>): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(settings, null, 2));
  await rename(`${path}.new`, path);
}

/** Keys and origins that lead to a provider elsewhere have no place in a test. */
const FOREIGN = /_API_(KEY|TOKEN)$|_BASE_URL$|_PROXY$|^OLLAMA_HOST$|^STAGEWRIGHT_(?!EDITORS)/i;

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

  /** Everything works again. */
  async fix(): Promise<void> {
    await fetch(`${this.origin}/_fix`, { method: 'POST', body: '{}' });
  }

  /** Answers that pause go on. */
  async resume(): Promise<void> {
    await fetch(`${this.origin}/_resume`, { method: 'POST', body: '{}' });
  }

  close(): void {
    this.#process.stdin!.end();
  }
}

/** A new folder of this name that holds these files; `remove` takes it away. */
export async function folderOf(files: Record<string, string>, name = 'checkout-service'): Promise<{ path: string; remove: () => Promise<void> }> {
  const above = await mkdtemp(join(tmpdir(), 'stagewright-'));
  const path = join(above, name);
  await mkdir(path);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), text);
  }
  return { path, remove: () => rm(above, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
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

export const HOTFIX_TEMPLATE = '.choragen/workflow-templates/hotfix.yaml';

export const HOTFIX = `name: hotfix
displayName: Hotfix
description: The shortest way to a repaired release
version: 1
stages:
  - name: diagnosis
    type: request
    initPrompt: Find the cause of {{requestId}}. Name the evidence.
    defaultModel:
      provider: openai
      model: gpt-5.4-mini
    gate:
      type: human_approval
      prompt: Is the cause proven?
  - name: repair
    type: implementation
    defaultModel:
      provider: openai
      model: gpt-5.4-mini
    gate:
      type: verification_pass
      commands:
        - make test
`;

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

const anthropic = (id: string, name: string, created: string, line: string, more: object = {}): object => ({
  ...{ type: 'model', id, display_name: name, created_at: `${created}T00:00:00Z`, line },
  ...{ lifecycle: 'active', deprecated_at: null, retires_at: null, max_input_tokens: 200_000, max_tokens: 64_000, capabilities: {} },
  ...more,
});
const openai = (id: string, age: number, more: object = {}): object => ({ id, object: 'model', created: 1_790_000_000 - age * 4_000_000, owned_by: 'openai', shutdown_date: null, ...more });

/** Lists as short as those that people have in mind, in each provider's own JSON: current models, one that ends, one that is gone. */
export const LISTS = {
  anthropic: [
    anthropic('claude-opus-5-5', 'Claude Opus 5.5', '2026-09-01', 'opus', { max_input_tokens: 1_000_000 }),
    anthropic('claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-08-15', 'sonnet', { max_input_tokens: 1_000_000 }),
    anthropic('claude-haiku-5-5', 'Claude Haiku 5.5', '2026-08-01', 'haiku'),
    anthropic('claude-sonnet-4-5-20250929', 'Claude Sonnet 4.5', '2025-09-29', 'sonnet', { lifecycle: 'deprecated', deprecated_at: inDays(-120), retires_at: inDays(60) }),
    anthropic('claude-opus-4-20250514', 'Claude Opus 4', '2025-05-14', 'opus', { lifecycle: 'retired', deprecated_at: '2026-01-01T00:00:00Z', retires_at: '2026-06-15T00:00:00Z' }),
  ],
  openai: [
    ...['gpt-6.1-sol', 'gpt-6-luna', 'gpt-5.5', 'gpt-5.4-mini', 'o3'].map((id, age) => openai(id, age)),
    openai('gpt-4-turbo', 20, { shutdown_date: inDays(45).slice(0, 10) }),
  ],
};
