import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const SUPABASE_URL = process.env.SUPABASE_URL ?? 'http://localhost:54321';
const local = new OpenAI({ baseURL: 'http://localhost:1234/v1', apiKey: 'none' });
const claude = new Anthropic();

export const ask = (content: string) =>
  local.chat.completions.create({ model: 'gpt-4-0613', messages: [{ role: 'user', content }] });

export const check = (content: string) =>
  claude.messages.create({ model: 'claude-3-opus-20240229', max_tokens: 9, messages: [{ role: 'user', content }] });
