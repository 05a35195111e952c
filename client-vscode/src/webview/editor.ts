// The line to VS Code: messages, and what restores the panel.

import type { FromPanel, SavedPanel } from './messages.ts';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  setState(state: SavedPanel): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export const post = (message: FromPanel): void => api.postMessage(message);

/** Which workflow this panel shows: the host writes it into the page. It is what restores the panel after a reload. */
const { workflowId = '', root = '' } = document.body.dataset;
api.setState({ workflowId, root });
