import React from 'react';
import { useChat } from '@ai-sdk/react';

const OPTIONS: { id: string; label: string }[] = [
  { id: 'claude-opus-4-6', label: 'Claude Opus 4.6' },
  { id: "gemini-2.5-pro", label: "Gemini 2.5 Pro" },
  { id: `gpt-5`, label: `GPT-5 (OpenAI)` },
];

export function Picker({ value = 'gpt-5-mini' }: { value?: string }) {
  const [model, setModel] = React.useState('gpt-4o');
  const { messages } = useChat({ body: { model: 'claude-haiku-4-5' } });
  return (
    <section className="picker picker-gpt-4o" data-testid='picker-claude-2.1'>
      {/* "gpt-4-32k" */}
      <p>Say "gpt-4o" or 'claude-2.1', please.</p>
      <Chat title="gpt-4o" id='gpt-4-0613' streaming />
      <p>It's what gpt-4o can't do.</p>
      <select value={model} onChange={(e) => setModel(e.target.value)}>
        <option value="gpt-4.1">gpt-4.1</option>
        <option value='claude-sonnet-4-6'>Sonnet</option>
      </select>
      <Chat model="gemini-2.0-flash" temperature={0} />
      <Car model="Golf 8" />
      <img src="/img/gpt-4o.png" alt="The gpt-4o logo" />
      <a href="https://docs.example/claude-2.1">docs</a>
    </section>
  );
}

export const note = <p>don't ask "gpt-4o" nor ` one</p>;
export type Model = "gpt-4o-mini" | "claude-2.1";
export const options = { mode: z.enum(["command"]), model: z.enum(["gpt-4o", "claude-2.1"]) };
export const long = "gpt-4o" +
  "-2024-05-13";
