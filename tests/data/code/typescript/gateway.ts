import OpenAI from 'openai';

const SUPABASE_URL = process.env.SUPABASE_URL ?? 'http://localhost:54321';
const local = new OpenAI({ baseURL: 'http://localhost:1234/v1', apiKey: 'none' });

export const ask = (content: string) =>
  local.chat.completions.create({ model: 'gpt-4-0613', messages: [{ role: 'user', content }] });
