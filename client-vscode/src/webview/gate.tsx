// The current stage's gate: what it asks, its options under their own labels, and the way to the next stage.

import type { Gate, View } from '../protocol.ts';
import { gateText } from '../text.ts';
import { post } from './editor.ts';
import { Button, Icon } from './parts.tsx';
import { currentStage, hasAnswer } from './state.ts';

export function GateCard({ view }: { view: View }) {
  const stage = currentStage(view);
  if (!stage || view.workflow.status !== 'active') return null;
  const { gate } = stage;
  const at = { stage: view.workflow.currentStage };
  const next = view.workflow.stages[view.workflow.currentStage + 1];
  const waits = gate.agentTriggered && !gate.satisfied && !asked(view);
  return (
    <section class={`card gate ${gate.satisfied ? 'open' : ''}`} aria-label={`Gate of ${stage.name}`}>
      <h3>
        <Icon name={gate.satisfied ? 'unlock' : 'lock'} />
        {gate.satisfied ? (gate.type === 'auto' ? 'This stage goes on when you are done' : 'The gate is open') : gateText(gate.type)}
      </h3>
      {gate.prompt && !gate.satisfied && <p>{gate.prompt}</p>}
      {!gate.satisfied && gate.commands && gate.commands.length > 0 && (
        <>
          <p>Run these yourself: Stagewright runs nothing.</p>
          <ul class="commands">
            {gate.commands.map((command) => (
              <li key={command}>
                <code>{command}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {!gate.satisfied && CONFIRMED[gate.type] && <p>{CONFIRMED[gate.type]}</p>}
      <div class="buttons">
        {gate.satisfied ? (
          <Button kind="primary" icon="arrow-right" onClick={() => post({ type: 'advance', ...at })}>
            {next ? `Advance to ${next.name}` : 'Complete the workflow'}
          </Button>
        ) : waits ? (
          <Button icon="bell" onClick={() => post({ type: 'triggerGate', ...at })}>
            Ask for approval
          </Button>
        ) : (
          <Options
            gate={gate}
            next={next?.name ?? null}
            answered={hasAnswer(view)}
            choose={(action) => post({ type: 'gate', ...at, action, ...(CONFIRMED[gate.type] ? { confirmed: true } : {}) })}
          />
        )}
      </div>
    </section>
  );
}

/** Until the stage has an answer there is nothing to approve: then what comes next is a message. */
function Options({ gate, next, answered, choose }: { gate: Gate; next: string | null; answered: boolean; choose: (action: string | null) => void }) {
  const options = gate.options && gate.options.length > 0 ? gate.options : [{ label: approveLabel(gate, next), action: null }];
  return (
    <>
      {options.map((option, index) => (
        <Button key={option.label} kind={index === 0 && answered ? 'primary' : 'secondary'} onClick={() => choose(option.action)}>
          {option.label}
        </Button>
      ))}
    </>
  );
}

function approveLabel(gate: Gate, next: string | null): string {
  if (CONFIRMED[gate.type]) return next ? `Yes, advance to ${next}` : 'Yes, complete the workflow';
  return gate.type === 'human_approval' ? 'Approve' : 'Done';
}

/** What the user is asked where a gate waits for something that happens elsewhere; yes satisfies it and goes on. */
const CONFIRMED: Partial<Record<Gate['type'], string>> = { verification_pass: 'Did all of these commands succeed?', chain_complete: 'Are all tasks of the chain done?' };

/** Whether approval of the current stage's gate has been asked for. */
function asked(view: View): boolean {
  return view.workflow.messages.some((m) => m.stageIndex === view.workflow.currentStage && m.metadata?.type === 'gate_prompt');
}
