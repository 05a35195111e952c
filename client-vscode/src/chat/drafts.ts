// Messages that were begun and not sent, by workflow, in a file of their own: VS Code's own stores are written some
// seconds late, and a window that is reloaded before that would lose what was typed last.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export class Drafts {
  readonly #path: string | null;
  readonly #failed: (error: unknown) => void;
  readonly #loaded: Promise<Map<string, string>>;
  #writing: Promise<void> = Promise.resolve();
  #waiting = false;

  /** `path` is null in a window without a folder, which has no place of its own. `failed` is told of each write that did. */
  constructor(path: string | null, failed: (error: unknown) => void) {
    this.#path = path;
    this.#failed = failed;
    this.#loaded = load(path);
  }

  async get(key: string): Promise<string> {
    return (await this.#loaded).get(key) ?? '';
  }

  /** Never throws: nothing that was done meanwhile fails for a draft that could not be saved. The next write takes it in. */
  async set(key: string, text: string): Promise<void> {
    const drafts = await this.#loaded;
    if (text) drafts.set(key, text);
    else drafts.delete(key);
    if (this.#waiting || this.#path === null) return this.#writing; // the write that waits takes this in
    this.#waiting = true;
    this.#writing = this.#writing
      .then(() => {
        this.#waiting = false;
        return write(this.#path!, drafts);
      })
      .catch(this.#failed);
    return this.#writing;
  }
}

async function load(path: string | null): Promise<Map<string, string>> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(path ?? '', 'utf8')) as Record<string, string>));
  } catch {
    return new Map(); // none yet, or not readable: drafts are a convenience
  }
}

async function write(path: string, drafts: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, JSON.stringify(Object.fromEntries(drafts)));
  await rename(`${path}.new`, path);
}
