// The running server: one start path for the first start, the restart command, changed settings and crashes.

import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, State, type Middleware, type NotificationHandler } from 'vscode-languageclient/node';
import { log } from '../log.ts';
import type { Keys } from '../secrets.ts';
import { CODE_LINK, documentSelector, serverSettings } from '../settings.ts';
import type { Server } from './discovery.ts';
import { CommandError, ServerProblem } from './errors.ts';
import type { Interpreter } from './interpreter.ts';
import { isOutdated, locateServer } from './locate.ts';
import { askMany } from './questions.ts';
import { afterCrash, MOST_RESTARTS } from './restarts.ts';
import { cleanEnvironment, hasEnded } from './run.ts';

export type SessionState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly server: Server }
  | { readonly kind: 'failed'; readonly problem: ServerProblem };

export interface StartOptions {
  /** Passes over the settings and the selected interpreter. */
  readonly ownOnly?: boolean;
}

const NOT_STARTED = 'The Stagewright server did not start. The log says why.';

/** How long a started server may take to answer `initialize`. One that prints something else never does. */
const START_TIMEOUT_MS = 30_000;

/** How long a server may take to end once it was told to. */
const END_TIMEOUT_MS = 1500;

/** What is wrong with the server is told by the session, in words that help; the client's own go to the log. */
class QuietClient extends LanguageClient {
  /** The server is meant to end: what there is to say of that is no error. */
  ending = false;

  override error(message: string, data?: unknown): void {
    if (this.ending) super.info(message, data, false);
    else super.error(message, data, false);
  }
}

export class Session implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #keys: Keys;
  readonly #interpreter: Interpreter;
  readonly #middleware: Middleware;
  readonly #handlers = new Map<string, NotificationHandler<unknown>>();
  readonly #changed = new vscode.EventEmitter<SessionState>();
  readonly onDidChange = this.#changed.event;
  #state: SessionState = { kind: 'starting' };
  #client: QuietClient | null = null;
  #crashes: number[] = [];
  #options: StartOptions = {};
  #generation = 0;
  #starting: Promise<void> = Promise.resolve();

  constructor(context: vscode.ExtensionContext, keys: Keys, interpreter: Interpreter, middleware: Middleware) {
    this.#context = context;
    this.#keys = keys;
    this.#interpreter = interpreter;
    this.#middleware = middleware;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Registers what a notification does; holds across restarts. */
  on<T>(method: string, handler: (payload: T) => void): void {
    this.#handlers.set(method, handler as NotificationHandler<unknown>);
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
    if (this.#options.ownOnly) return false;
    return isOutdated(this.#context, this.#interpreter, this.#state.kind === 'running' ? this.#state.server : null);
  }

  /** Runs one of the server's commands. Raises CommandError, or ServerProblem where there is no server. */
  async command<T>(command: string, argument: object): Promise<T> {
    await this.#starting;
    if (this.#state.kind === 'failed') throw this.#state.problem;
    const client = this.#client;
    if (!client || this.#state.kind !== 'running') throw new ServerProblem('The Stagewright server is not running.', ['restart', 'log']);
    try {
      return await client.sendRequest<T>('workspace/executeCommand', { command, arguments: [argument] });
    } catch (error) {
      // A connection that ends has its own words for that, which help nobody.
      if (client.state !== State.Running) throw new ServerProblem('The Stagewright server ended before it answered. Try again in a moment.', ['log']);
      throw asCommandError(error);
    }
  }

  /** Tells the server that settings changed. */
  async configure(): Promise<void> {
    await this.#starting;
    if (this.#state.kind === 'running')
      await this.#client?.sendNotification('workspace/didChangeConfiguration', { settings: { stagewright: serverSettings() } });
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
      const server = await locateServer(this.#context, this.#interpreter, { ownOnly: this.#options.ownOnly ?? false });
      if (generation !== this.#generation) return; // what was found may no longer be what is wanted
      log.info(`Starting Stagewright ${server.version} (${server.source}): ${server.command} ${server.args.join(' ')}`);
      await this.#launch(server, generation);
      log.info(`Stagewright ${server.version} is running.`);
      this.#become({ kind: 'running', server });
    } catch (error) {
      await this.#stop();
      if (generation !== this.#generation) return;
      const problem = error instanceof ServerProblem ? error : new ServerProblem(NOT_STARTED, ['retry', 'own', 'log'], String(error));
      log.error(problem.message, problem.detail);
      this.#become({ kind: 'failed', problem });
    }
  }

  async #launch(server: Server, generation: number): Promise<void> {
    const environment = { ...cleanEnvironment(process.env), ...(await this.#keys.environment()) };
    let ended: (reason: Error) => void = () => undefined;
    const end = new Promise<never>((_, reject) => (ended = reject));
    end.catch(() => undefined);
    let running = false;
    const client = new QuietClient(
      'stagewright',
      'Stagewright',
      { command: server.command, args: [...server.args, 'server', '--stdio'], options: { cwd: this.#context.globalStorageUri.fsPath, env: environment } },
      {
        documentSelector: documentSelector(),
        initializationOptions: { codeLink: CODE_LINK },
        outputChannel: log,
        middleware: this.#middleware,
        initializationFailedHandler: () => false,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => {
            ended(new ServerProblem(NOT_STARTED, ['retry', 'own', 'log']));
            return { action: CloseAction.DoNotRestart, handled: true };
          },
        },
      },
    );
    this.#client = client;
    // Not as soon as the connection closes: the client first takes down what it had shown.
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped && running) this.#crashed(generation);
    });
    for (const [method, handler] of this.#handlers) client.onNotification(method, handler);
    client.onRequest('window/showMessageRequest', askMany);
    const late = timeout(START_TIMEOUT_MS, 'The Stagewright server did not answer. What was started may be something else; the log shows what it printed.');
    try {
      await Promise.race([client.start(), end, late.promise]);
    } finally {
      late.clear();
    }
    running = true;
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
    if (!client) return;
    const child = client.serverProcess;
    client.ending = client.state === State.Running; // one that has crashed was not meant to
    try {
      await Promise.race([client.dispose(2000), timeout(4000, '').promise]);
    } catch (error) {
      log.debug(`Stopping the server: ${String(error)}`);
    }
    if (!child || (await hasEnded(child, END_TIMEOUT_MS))) return;
    // A program that never was a language server does not know `exit`.
    client.ending = true;
    child.kill();
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

function timeout(ms: number, message: string): { promise: Promise<never>; clear: () => void } {
  let timer: NodeJS.Timeout;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ServerProblem(message, ['retry', 'own', 'log'])), ms);
  });
  promise.catch(() => undefined);
  return { promise, clear: () => clearTimeout(timer) };
}

function asCommandError(error: unknown): CommandError {
  const { message, data } = error as { message?: string; data?: unknown };
  return new CommandError(message ?? String(error), (typeof data === 'object' && data ? data : {}) as Record<string, unknown>);
}
