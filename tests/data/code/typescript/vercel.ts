import { anthropic } from '@ai-sdk/anthropic';
import { createOpenAI, openai } from '@ai-sdk/openai';
import { deepseek } from "@ai-sdk/deepseek";
import { google } from '@ai-sdk/google';
import { mistral } from '@ai-sdk/mistral';
import { generateText, streamText } from 'ai';
import { createOpenRouter } from '@openrouter/ai-sdk-provider';
import tokens from './pricing/gpt-4o';
import type { Model } from "gpt-4o";

const openrouter = createOpenRouter({ apiKey: process.env.OPENROUTER_API_KEY });

/**
 * Uses `gpt-4o` unless told otherwise.
 * @example ask("hi", { model: "gpt-4o-mini" })
 */
export async function ask(prompt: string) {
  // const model = openai('gpt-4-turbo');
  const { text } = await generateText({ model: openai('gpt-4o'), prompt });
  const second = await generateText({ model: anthropic("claude-sonnet-4-6"), prompt: `${text} gpt-4o` });
  const third = streamText({ model: google('gemini-2.5-flash'), system: 'Answer as gpt-4o would.' });
  return [second, third];
}

export const models = {
  chat: openai.chat('gpt-4.1'),
  responses: openai.responses("o3"),
  embed: openai.embedding('text-embedding-3-large'),
  think: deepseek('deepseek-reasoner'),
  small: mistral(`mistral-small-latest`),
  routed: openrouter('anthropic/claude-sonnet-4.5'),
  gateway: 'anthropic/claude-opus-4-6',
  old: anthropic('claude-3-7-sonnet-20250219'),
} as const;

export const label = `gpt-4o or claude-2.1`;
export const path = 'models/gpt-4o.json';
export const testId = 'model-gpt-4o-row';
type Name = 'gpt-4o-mini' | "gpt-4.1-mini";
