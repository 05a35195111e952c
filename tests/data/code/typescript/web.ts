import { openai } from '@ai-sdk/openai';
import axios from 'axios';

interface Settings {
  baseURL?: string;
  model: string;
}

const api = axios.create({ timeout: 5000 });
export const settings: Settings = { model: 'gpt-4-32k' };
export const page = process.env.DATABASE_URL ?? 'sqlite:gpt-4o';
export const again = openai('gpt-4-1106-preview');
