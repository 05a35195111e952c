// Why something that was asked of the server did not happen: it refused it, or there is no server.

/** A command that the server refused: its sentence, and its code. */
export class CommandError extends Error {
  readonly code: string;
  readonly data: Readonly<Record<string, unknown>>;

  constructor(message: string, data: Readonly<Record<string, unknown>>) {
    super(message);
    this.data = data;
    this.code = typeof data['code'] === 'string' ? data['code'] : 'failed';
  }
}

export type Help = 'retry' | 'restart' | 'log' | 'settings' | 'python' | 'own';

/** Why there is no server, in words, and what helps. */
export class ServerProblem extends Error {
  readonly help: readonly Help[];
  /** For the log. */
  readonly detail: string;

  constructor(message: string, help: readonly Help[], detail = '') {
    super(message);
    this.help = help;
    this.detail = detail;
  }
}

export const notStarted = (detail = ''): ServerProblem => new ServerProblem('The Stagewright server did not start. The log says why.', ['retry', 'own', 'log'], detail);
