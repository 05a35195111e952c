// The line to VS Code: messages, and the state that survives a reload of the window.

import type { FromPanel, SavedPanel } from './messages.ts';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  getState(): SavedPanel | undefined;
  setState(state: SavedPanel): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export const post = (message: FromPanel): void => api.postMessage(message);

/** Which workflow this panel shows: the host writes it into the page. */
const { workflowId = '', root = '' } = document.body.dataset;

export const savedDraft = (): string => api.getState()?.draft ?? '';

let pending: ReturnType<typeof setTimeout> | undefined;

/** Keeps an unsent message in the webview at once and, when the typing rests, in the workspace. */
export function keepDraft(draft: string): void {
  api.setState({ workflowId, root, draft });
  clearTimeout(pending);
  pending = setTimeout(() => post({ type: 'draft', text: draft }), 300);
}
