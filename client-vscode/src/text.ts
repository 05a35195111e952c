// Words for people: ages, amounts, origins, statuses. Pure.

import type { Checked, Gate, MessageMetadata, Model, Origin, ProviderState, ProviderStatus, Stage, WorkflowStatus, WorkflowSummary } from './protocol.ts';

const STATUS: Readonly<Record<ProviderStatus, string>> = {
  ok: 'OK',
  loading: 'Loading models',
  incomplete: 'Only part of the list came',
  'not-configured': 'Not configured',
  'auth-failed': 'Key refused',
  forbidden: 'Access denied',
  'rate-limited': 'Too many requests',
  unreachable: 'Unreachable',
  'bad-answer': 'Answer not understood',
  'no-list': 'Offers no list',
};

const ORIGIN: Readonly<Record<Origin, string>> = {
  message: 'from this chat',
  stage: 'stage default',
  role: 'from the role',
  'earlier-stage': 'from an earlier stage',
  setting: 'from the settings',
  none: 'no model chosen',
};

const WORKFLOW: Readonly<Record<WorkflowStatus, string>> = {
  active: 'Active',
  paused: 'Paused',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  discarded: 'Discarded',
};

const STAGE: Readonly<Record<Stage['status'], string>> = {
  pending: 'not started',
  active: 'in progress',
  awaiting_gate: 'waiting at its gate',
  completed: 'completed',
  skipped: 'skipped',
};

const GATE: Readonly<Record<Gate['type'], string>> = {
  auto: 'Goes on by itself',
  human_approval: 'Needs your approval',
  chain_complete: 'Waits for a chain of tasks',
  verification_pass: 'Needs checks to pass',
  post_commit: 'Waits for a commit',
  session_handoff: 'Hands over to a session',
};

/** What Choragen writes where there is no request. */
const NO_REQUEST = 'ADHOC';

/** What of a draft was written after the message that was sent from it. */
export const unsent = (draft: string, sent: string): string => (draft.startsWith(sent) ? draft.slice(sent.length).trimStart() : draft);

export const statusText = (status: ProviderStatus): string => STATUS[status] ?? status;
export const originText = (origin: Origin): string => ORIGIN[origin];
export const workflowStatusText = (status: WorkflowStatus): string => WORKFLOW[status];
export const stageStatusText = (status: Stage['status']): string => STAGE[status];
export const gateText = (type: Gate['type']): string => GATE[type];

/** The vendor of models that the editor itself offers, for the provider that stands for it; null for all others. */
export const vendorOf = (provider: string): string | null => (provider.startsWith('vscode:') ? provider.slice('vscode:'.length) : null);

/** A provider's state in a few words: `OK`, `Unreachable, list from 2 h ago`. */
export function providerText(provider: ProviderState, now: number): string {
  const known = STATUS[provider.status] ?? provider.status;
  if (provider.checkedAt === null) return known;
  if (provider.stale) return `${known}, list from ${ageText(provider.checkedAt, now)}`;
  return provider.status === 'ok' ? `checked ${ageText(provider.checkedAt, now)}` : known;
}

/** `now`, `3 min ago`, `2 h ago`, `5 d ago` for an ISO 8601 moment. */
export function ageText(moment: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(moment)) / 1000);
  if (!Number.isFinite(seconds)) return 'at an unknown time';
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

/** Tokens as people say them: `131K`, `1M`, `1.05M`. */
export function tokensText(tokens: number): string {
  if (tokens >= 1_000_000) return `${(tokens / 1_000_000).toFixed(2).replace(/\.?0+$/, '')}M`;
  return tokens >= 1000 ? `${Math.round(tokens / 1000)}K` : String(tokens);
}

/** What a row says of a model beside its id, what matters most first: `deprecated, ends 2027-01-05 · 200K context`. */
export function modelFacts(model: Model): string {
  const facts: string[] = [];
  if (model.lifecycle === 'retired') facts.push(model.retiresAt ? `retired ${model.retiresAt.slice(0, 10)}` : 'retired');
  else if (model.lifecycle === 'deprecated')
    facts.push(model.retiresAt ? `deprecated, ends ${model.retiresAt.slice(0, 10)}` : 'deprecated');
  else if (model.retiresAt) facts.push(`ends ${model.retiresAt.slice(0, 10)}`);
  if (model.contextWindow && model.lifecycle !== 'retired') facts.push(`${tokensText(model.contextWindow)} context`);
  if (model.source === 'offline') facts.push('not verified');
  return facts.join(' · ');
}

/** How the providers call an answer that came to its own end. */
const USUAL_END = /^(?:end_turn|stop|completed)$/i;

/** Lines of a badge's tooltip: resolved id, tokens, time, how it ended. */
export function answerFacts(metadata: MessageMetadata | null | undefined, timestamp: string): string[] {
  const facts: string[] = [];
  const resolved = metadata?.resolvedModel;
  const resolvedId = typeof resolved === 'object' ? resolved?.model : resolved;
  if (resolvedId) facts.push(`Answered by ${resolvedId}`);
  const { input, output } = usageOf(metadata?.usage);
  if (input !== null || output !== null) facts.push(`${input ?? '?'} tokens in, ${output ?? '?'} out`);
  const seconds = secondsOf(metadata?.timings);
  if (seconds !== null) facts.push(`Took ${seconds} s`);
  if (metadata?.stopReason && !USUAL_END.test(metadata.stopReason)) facts.push(`Ended: ${metadata.stopReason.replaceAll('_', ' ')}`);
  facts.push(timeText(timestamp));
  return facts;
}

function usageOf(usage: MessageMetadata['usage']): { input: number | null; output: number | null } {
  const tokens = (name: string): number | null => (typeof usage?.[name] === 'number' ? usage[name] : null);
  return { input: tokens('inputTokens'), output: tokens('outputTokens') };
}

function secondsOf(timings: MessageMetadata['timings']): string | null {
  const total = timings?.['totalMs'];
  return typeof total === 'number' ? (total / 1000).toFixed(1) : null;
}

/** A moment in the reader's own locale and time zone. */
export function timeText(moment: string): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** `1 file`, `2 files`. */
export const countText = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** A workflow's template, unless its title says that already, as it does while it is about nothing yet. */
export const templateBeside = (title: string, template: string): readonly string[] => (title === template ? [] : [template]);

/** What tells a workflow from others of its title: `standard · CR-7 · WF-20261122-001 · 3 messages`. */
export function workflowFacts({ title, template, requestId, id, messageCount }: WorkflowSummary): string {
  const request = requestId === NO_REQUEST || requestId === title ? [] : [requestId];
  return [...templateBeside(title, template), ...request, id, countText(messageCount, 'message')].join(' · ');
}

/** What a check of the workspace found, in sentences. */
export function checkText({ files, sources, severities, problems, unverified }: Checked): string {
  const told = (['error', 'warning', 'information', 'hint'] as const).flatMap((severity) => {
    const count = severities[severity] ?? 0;
    return count === 0 ? [] : [severity === 'information' ? `${count} information` : countText(count, severity)];
  });
  const read = files.length + sources;
  if (read === 0) return 'No file of this workspace is of a kind that names models.';
  const said = [`${countText(read, 'file')} checked: ${told.join(', ') || 'no problems'}.`];
  if (unverified.length > 0) said.push(`Not verified: ${unverified.map(({ provider }) => provider).join(', ')}.`);
  if (problems.length > 0) said.push(`${countText(problems.length, 'file')} could not be read: the log says which.`);
  return said.join(' ');
}

/** A row of the language status: who, how it stands, and the command that helps. */
export interface StatusLine {
  readonly id: string;
  readonly text: string;
  readonly detail: string;
  readonly severity: 'ok' | 'warning' | 'error';
  readonly busy: boolean;
  readonly action: 'refresh' | 'key';
}

const USABLE: readonly ProviderStatus[] = ['ok', 'no-list', 'loading'];
const NAMED = 3;

/** A row for each configured provider; those without a key share one, at the end. Nothing is said before the server has. */
export function statusLines(providers: Readonly<Record<string, ProviderState>>, now: number): StatusLine[] {
  const configured = Object.entries(providers).filter(([, one]) => one.status !== 'not-configured' && one.askable !== false);
  const some = configured.some(([, { status }]) => USABLE.includes(status) || status === 'incomplete');
  const failure = some ? 'warning' : 'error';
  const lines = configured.map(([id, provider]): StatusLine => ({
    id,
    text: provider.name,
    detail: providerText(provider, now),
    severity: USABLE.includes(provider.status) ? 'ok' : failure,
    busy: provider.status === 'loading',
    action: provider.status === 'auth-failed' || provider.status === 'forbidden' ? 'key' : 'refresh',
  }));
  const others = Object.values(providers).filter((provider) => provider.status === 'not-configured');
  if (others.length > 0) lines.push({ ...notConfigured(others), severity: configured.length > 0 ? 'ok' : 'warning' });
  return lines;
}

/** The line of those that are not configured: sorted behind the providers' ids, which hold no tilde. */
export const OTHERS = '~';

function notConfigured(providers: readonly ProviderState[]): Omit<StatusLine, 'severity'> {
  const names = providers.slice(0, NAMED).map((provider) => provider.name);
  if (providers.length > NAMED) names.push(`${providers.length - NAMED} more`);
  return { id: OTHERS, text: 'Not configured', detail: names.join(', '), busy: false, action: 'key' };
}
