// Where Choragen keeps its files below a folder, as far as the client makes, watches or recognizes them. Pure.

export const TEMPLATES = '.choragen/workflow-templates';
export const WORKFLOWS = '.choragen/workflows';

/** Whether a path, or a URI, is that of a workflow's transcript. */
export const isTranscript = (path: string): boolean => path.endsWith('.chat.md') && path.split('/').slice(-3, -1).join('/') === WORKFLOWS;
