// One language client and the process that it speaks to: from its start to its end. Loaded with the first server.

import * as vscode from 'vscode';
import { CloseAction, DidOpenTextDocumentNotification, DocumentOnTypeFormattingRequest, ErrorAction, LanguageClient, State, type DynamicFeature, type Middleware, type NotificationHandler, type StaticFeature } from 'vscode-languageclient/node';
import type { Documents } from '../documents.ts';
import { log } from '../log.ts';
import { CODE_LINK, SERVED } from '../settings.ts';
import type { Server } from './discovery.ts';
import { notStarted, ServerProblem } from './errors.ts';
import { following } from './following.ts';
import { askMany } from './questions.ts';
import { cleanEnvironment, hasEnded } from './run.ts';

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

  /** VS Code asks one extension alone what to do behind a new line: ours, for every file, would keep others from it. */
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    if ('registrationType' in feature && feature.registrationType.method === DocumentOnTypeFormattingRequest.method) return;
    super.registerFeature(feature);
  }
}

export interface ClientOptions {
  /** The working folder of the server, which holds no code. */
  readonly cwd: string;
  /** API keys by their environment variables. */
  readonly keys: Readonly<Record<string, string>>;
  readonly documents: Documents;
  readonly middleware: Middleware;
  /** What notifications do, by method. */
  readonly handlers: ReadonlyMap<string, NotificationHandler<unknown>>;
  /** The server has ended though nobody asked it to. */
  readonly onCrash: () => void;
}

export class Client {
  readonly #client: QuietClient;
  readonly #listening: vscode.Disposable;
  #running = false;
  #ended: (reason: Error) => void = () => undefined;

  constructor(server: Server, { cwd, keys, documents, middleware, handlers, onCrash }: ClientOptions) {
    const env = { ...cleanEnvironment(process.env), ...keys };
    this.#client = new QuietClient(
      'stagewright',
      'Stagewright',
      { command: server.command, args: [...server.args, 'server', '--stdio'], options: { cwd, env } },
      {
        documentSelector: SERVED,
        initializationOptions: { codeLink: CODE_LINK },
        outputChannel: log,
        middleware: following(documents, middleware),
        // Tabs that VS Code has not loaded yet.
        diagnosticPullOptions: { onChange: true, match: (_, resource) => documents.isNamed(resource) },
        initializationFailedHandler: () => false,
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => {
            this.#ended(notStarted());
            return { action: CloseAction.DoNotRestart, handled: true };
          },
        },
      },
    );
    // Not as soon as the connection closes: the client first takes down what it had shown.
    this.#client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped && this.#running) onCrash();
    });
    for (const [method, handler] of handlers) this.#client.onNotification(method, handler);
    this.#client.onRequest('window/showMessageRequest', askMany);
    // The client hears of the same change: what is opened after it is not changed by it once more.
    this.#listening = documents.onDidConcern((document) => queueMicrotask(() => void this.#open(document)));
  }

  get isRunning(): boolean {
    return this.#client.state === State.Running;
  }

  /** Raises ServerProblem. */
  async start(): Promise<void> {
    const end = new Promise<never>((_, reject) => (this.#ended = reject));
    end.catch(() => undefined);
    const late = timeout(START_TIMEOUT_MS, 'The Stagewright server did not answer. What was started may be something else; the log shows what it printed.');
    try {
      await Promise.race([this.#client.start(), end, late.promise]);
    } finally {
      late.clear();
    }
    this.#running = true;
  }

  request<T>(method: string, params: object): Promise<T> {
    return this.#client.sendRequest<T>(method, params);
  }

  notify(method: string, params: object): Promise<void> {
    return this.#client.sendNotification(method, params);
  }

  async stop(): Promise<void> {
    this.#listening.dispose();
    const client = this.#client;
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

  async #open(document: vscode.TextDocument): Promise<void> {
    if (this.isRunning && !document.isClosed) await this.#client.getFeature(DidOpenTextDocumentNotification.method).getProvider(document)?.send(document);
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
