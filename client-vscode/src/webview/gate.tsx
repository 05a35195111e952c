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
  const answered = hasAnswer(view);
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
          <Button kind={gate.type === 'auto' && !answered ? 'secondary' : 'primary'} icon="arrow-right" onClick={() => post({ type: 'advance', ...at })}>
            {onward(next?.name)}
          </Button>
        ) : waits ? (
          <Button icon="bell" onClick={() => post({ type: 'triggerGate', ...at })}>
            Ask for approval
          </Button>
        ) : (
          <Options
            gate={gate}
            next={onward(next?.name)}
            answered={answered}
            choose={(action) => post({ type: 'gate', ...at, action, ...(CONFIRMED[gate.type] ? { confirmed: true } : {}) })}
          />
        )}
      </div>
    </section>
  );
}

/** Each goes on in one step. Until the stage has an answer there is nothing to approve: then what comes next is a message. */
function Options({ gate, next, answered, choose }: { gate: Gate; next: string; answered: boolean; choose: (action: string) => void }) {
  const options = gate.options && gate.options.length > 0 ? gate.options : [{ label: approveLabel(gate, next), action: 'advance' }];
  return (
    <>
      {options.map((option, index) => (
        <Button key={option.label} kind={index === 0 && answered ? 'primary' : 'secondary'} title={option.action === 'advance' ? next : undefined} onClick={() => choose(option.action)}>
          {option.label}
        </Button>
      ))}
    </>
  );
}

const onward = (next: string | undefined): string => (next ? `Advance to ${next}` : 'Complete the workflow');

function approveLabel(gate: Gate, next: string): string {
  if (CONFIRMED[gate.type]) return `Yes, ${next.charAt(0).toLowerCase()}${next.slice(1)}`;
  return gate.type === 'human_approval' ? 'Approve' : 'Done';
}

/** What the user is asked where a gate waits for something that happens elsewhere; yes satisfies it and goes on. */
const CONFIRMED: Partial<Record<Gate['type'], string>> = { verification_pass: 'Did all of these commands succeed?', chain_complete: 'Are all tasks of the chain done?' };

/** Whether approval of the current stage's gate has been asked for. */
function asked(view: View): boolean {
  return view.workflow.messages.some((m) => m.stageIndex === view.workflow.currentStage && m.metadata?.type === 'gate_prompt');
}
