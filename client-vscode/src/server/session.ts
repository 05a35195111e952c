// The running server: one start path for the first start, the restart command, changed settings and crashes.

import * as vscode from 'vscode';
import type { Middleware, NotificationHandler } from 'vscode-languageclient/node';
import type { Documents } from '../documents.ts';
import { log } from '../log.ts';
import type { Keys } from '../secrets.ts';
import { serverSettings } from '../settings.ts';
import type { Client } from './client.ts';
import type { Server } from './discovery.ts';
import { CommandError, notStarted, ServerProblem } from './errors.ts';
import type { Interpreter } from './interpreter.ts';
import { afterCrash, MOST_RESTARTS } from './restarts.ts';

export type SessionState =
  /** Nothing has asked for a server yet. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly server: Server }
  | { readonly kind: 'failed'; readonly problem: ServerProblem };

export interface StartOptions {
  /** Passes over the settings and the selected interpreter. */
  readonly ownOnly?: boolean;
}

export class Session implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #keys: Keys;
  readonly #interpreter: Interpreter;
  readonly #middleware: Middleware;
  readonly #documents: Documents;
  readonly #handlers = new Map<string, NotificationHandler<unknown>>();
  readonly #changed = new vscode.EventEmitter<SessionState>();
  readonly onDidChange = this.#changed.event;
  #state: SessionState = { kind: 'idle' };
  #client: Client | null = null;
  /** The server that ran last, or runs. */
  #last: Server | null = null;
  #crashes: number[] = [];
  #options: StartOptions = {};
  #generation = 0;
  #starting: Promise<void> = Promise.resolve();

  constructor(context: vscode.ExtensionContext, keys: Keys, interpreter: Interpreter, documents: Documents, middleware: Middleware) {
    this.#context = context;
    this.#keys = keys;
    this.#interpreter = interpreter;
    this.#documents = documents;
    this.#middleware = middleware;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Tells the server something, if one runs. */
  async notify(method: string, params: object): Promise<void> {
    if (this.#state.kind === 'running') await this.#client?.notify(method, params);
  }

  /** Registers what a notification does; holds across restarts. */
  on<T>(method: string, handler: (payload: T) => void): void {
    this.#handlers.set(method, handler as NotificationHandler<unknown>);
  }

  /** Starts the server, unless something has done so before; `why` is for the log. */
  wake(why: string): void {
    if (this.#state.kind !== 'idle') return;
    log.info(why);
    void this.#begin();
  }

  /** Stops the server, if one runs, and starts one. Never throws: the state says how it went. */
  restart(options: StartOptions = {}): Promise<void> {
    this.#crashes = [];
    this.#options = options;
    return this.#begin();
  }

  /** Whether a start would find another server, now that another interpreter is selected. */
  async isOutdated(): Promise<boolean> {
    await this.#starting;
    if (this.#options.ownOnly || this.#state.kind === 'idle') return false;
    const { isOutdated } = await import('./locate.ts');
    return isOutdated(this.#context, this.#interpreter, this.#state.kind === 'running' ? this.#state.server : null);
  }

  /** Runs one of the server's commands. Raises CommandError, or ServerProblem where there is no server. */
  async command<T>(command: string, argument: object): Promise<T> {
    this.wake(`${command} needs the server.`);
    await this.#starting;
    if (this.#state.kind === 'failed') throw this.#state.problem;
    const client = this.#client;
    if (!client || this.#state.kind !== 'running') throw new ServerProblem('The Stagewright server is not running.', ['restart', 'log']);
    try {
      return await client.request<T>('workspace/executeCommand', { command, arguments: [argument] });
    } catch (error) {
      // A connection that ends has its own words for that, which help nobody.
      if (!client.isRunning) throw new ServerProblem('The Stagewright server ended before it answered. Try again in a moment.', ['log']);
      throw asCommandError(error);
    }
  }

  /** Tells the server that settings changed. */
  async configure(): Promise<void> {
    await this.#starting;
    if (this.#state.kind === 'running')
      await this.#client?.notify('workspace/didChangeConfiguration', { settings: { stagewright: serverSettings() } });
  }

  #begin(): Promise<void> {
    const generation = ++this.#generation;
    this.#starting = this.#starting.then(() => this.#start(generation));
    return this.#starting;
  }

  async #start(generation: number): Promise<void> {
    if (generation !== this.#generation) return; // a newer start is waiting
    this.#become({ kind: 'starting' });
    await this.#stop();
    try {
      const { locateServer } = await import('./locate.ts');
      const server = await locateServer(this.#context, this.#interpreter, { ownOnly: this.#options.ownOnly ?? false, before: this.#last });
      if (generation !== this.#generation) return; // what was found may no longer be what is wanted
      log.info(`Starting Stagewright ${server.version} (${server.source}): ${server.command} ${server.args.join(' ')}`);
      await this.#launch(server, generation);
      log.info(`Stagewright ${server.version} is running.`);
      this.#last = server;
      this.#become({ kind: 'running', server });
    } catch (error) {
      await this.#stop();
      if (generation !== this.#generation) return;
      const problem = error instanceof ServerProblem ? error : notStarted(String(error));
      log.error(problem.message, problem.detail);
      this.#become({ kind: 'failed', problem });
    }
  }

  /** The code that speaks to a server is loaded with the first one. */
  async #launch(server: Server, generation: number): Promise<void> {
    const [{ Client }, keys] = await Promise.all([import('./client.ts'), this.#keys.environment()]);
    const client = new Client(server, {
      cwd: this.#context.globalStorageUri.fsPath,
      keys,
      documents: this.#documents,
      middleware: this.#middleware,
      handlers: this.#handlers,
      onCrash: () => this.#crashed(generation),
    });
    this.#client = client;
    await client.start();
  }

  #crashed(generation: number): void {
    if (generation !== this.#generation) return;
    const { crashes, restart } = afterCrash(this.#crashes, Date.now());
    this.#crashes = crashes;
    if (restart) {
      log.warn(`The server ended unexpectedly (${crashes.length} of ${MOST_RESTARTS}); it is started again.`);
      void this.#begin();
    } else {
      const problem = new ServerProblem(`The Stagewright server ended unexpectedly ${crashes.length} times and was not started again.`, ['restart', 'log']);
      log.error(problem.message);
      void this.#stop();
      this.#become({ kind: 'failed', problem });
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.stop();
  }

  #become(state: SessionState): void {
    this.#state = state;
    this.#changed.fire(state);
  }

  async dispose(): Promise<void> {
    this.#generation++;
    this.#changed.dispose();
    await this.#stop();
  }
}

function asCommandError(error: unknown): CommandError {
  const { message, data } = error as { message?: string; data?: unknown };
  return new CommandError(message ?? String(error), (typeof data === 'object' && data ? data : {}) as Record<string, unknown>);
}
