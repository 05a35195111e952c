// The top of the panel: which workflow, and how far its stages are.

import type { Stage, View } from '../protocol.ts';
import { gateText, stageStatusText, templateBeside, workflowStatusText } from '../text.ts';
import { post } from './editor.ts';
import { Icon, IconButton, type PartProps } from './parts.tsx';

export function Header({ view, state, dispatch }: PartProps) {
  const { workflow } = view;
  const toggleHistory = (): void => {
    if (!state.historyOpen) post({ type: 'history' });
    dispatch({ type: 'historyOpen', open: !state.historyOpen });
  };
  const running = workflow.status === 'active';
  const { title } = view;
  const facts = [...templateBeside(title, workflow.template), workflow.id];
  return (
    <header class="header">
      <div class="title-row">
        <div class="titles">
          <h1 title={title}>{title}</h1>
          <p class="quiet">
            {!running && <span class={`pill ${workflow.status}`}>{workflowStatusText(workflow.status)}</span>}
            {facts.map((fact, index) => (
              <span key={index}>{index > 0 ? `\u00a0· ${fact}` : fact}</span>
            ))}
          </p>
        </div>
        <div class="actions" role="toolbar" aria-label="Workflow">
          <IconButton icon="history" label={state.historyOpen ? 'Back to the chat' : 'All workflows'} pressed={state.historyOpen} onClick={toggleHistory} />
          {running && <IconButton icon="tag" label="Set what the work is about" onClick={() => post({ type: 'request' })} />}
          <IconButton icon="open-preview" label="Open the transcript" onClick={() => post({ type: 'command', command: 'stagewright.openTranscript' })} />
          {running && <IconButton icon="debug-pause" label="Pause the workflow" onClick={() => post({ type: 'status', status: 'paused' })} />}
          {(running || workflow.status === 'paused') && (
            <IconButton icon="trash" label="Discard the workflow" onClick={() => post({ type: 'command', command: 'stagewright.discardWorkflow' })} />
          )}
        </div>
      </div>
      <Stages view={view} />
    </header>
  );
}

function Stages({ view }: { view: View }) {
  const { stages, currentStage } = view.workflow;
  const paused = view.workflow.status === 'paused';
  return (
    <ol class="stages" aria-label="Stages">
      {stages.map((stage, index) => (
        <li
          key={index}
          class={`stage ${stage.status}${index === currentStage ? ' current' : ''}`}
          aria-current={index === currentStage ? 'step' : undefined}
          aria-label={describe(stage)}
          title={describe(stage)}
        >
          <Icon name={iconOf(stage, index === currentStage, paused)} />
          <span class="stage-name">{stage.name}</span>
        </li>
      ))}
    </ol>
  );
}

/** What the icon stands for, and the gate: to point at, and to be read out. */
const describe = ({ name, type, status, gate }: Stage): string => `${name} (${type}): ${stageStatusText(status)}. Gate: ${gateText(gate.type).toLowerCase()}.`;

function iconOf(stage: Stage, current: boolean, paused: boolean): string {
  if (stage.status === 'completed') return 'pass-filled';
  if (stage.status === 'skipped') return 'circle-slash';
  if (current && paused) return 'debug-pause';
  if (stage.status === 'awaiting_gate') return 'record';
  return current ? 'record' : 'circle-large-outline';
}
