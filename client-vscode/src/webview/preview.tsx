// All that is sent to a model, or was: its role's prompt, the request, earlier stages, the stage's prompt, the messages.

import type { Preview } from '../protocol.ts';
import { originText } from '../text.ts';
import { Button, ModelName, type Dispatch } from './parts.tsx';

const SOURCE: Readonly<Record<Preview['turns'][number]['source'], string>> = {
  request: 'The request',
  context: 'Earlier stage',
  prompt: "The stage's prompt",
  message: 'Message',
};

export function Sent({ preview, dispatch }: { preview: Preview; dispatch: Dispatch }) {
  const { system, turns, context, effective, stageName } = preview;
  return (
    <main class="log sent" tabIndex={0} aria-label="What is sent">
      <div class="sent-bar">
        <h2>What is sent in {stageName}</h2>
        <Button icon="arrow-left" onClick={() => dispatch({ type: 'dismiss', what: 'preview' })}>
          Back to the chat
        </Button>
      </div>
      <p class="quiet">
        {effective.model ? (
          <>
            To <ModelName model={effective.model} /> · {originText(effective.origin)} · {context.words}
          </>
        ) : (
          'No model is chosen.'
        )}
      </p>
      {context.notes.map((note) => (
        <p class="quiet" key={note}>
          {note}
        </p>
      ))}
      {system && <Turn heading="System prompt" text={system} />}
      {turns.map((turn, index) => (
        <Turn key={index} heading={turn.role === 'assistant' ? 'Answer' : turn.source === 'message' ? 'Your message' : SOURCE[turn.source]} text={turn.text} />
      ))}
      {turns.length === 0 && <p class="quiet">Nothing yet: what you write is all that is sent.</p>}
    </main>
  );
}

function Turn({ heading, text }: { heading: string; text: string }) {
  return (
    <section class="turn" aria-label={heading}>
      <h3>{heading}</h3>
      <pre tabIndex={0}>{text}</pre>
    </section>
  );
}
