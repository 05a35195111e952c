import OpenAI, { AzureOpenAI } from 'openai';

const azure = new AzureOpenAI({ endpoint: process.env.AZURE_OPENAI_ENDPOINT });
const OPENAI_MODEL = 'gpt-4';
export const models = ['gpt-4-0613', 'gpt-3.5-turbo-16k'];
export const routes = [
  { provider: 'openai', modelId: 'gpt-4-turbo' },
  { model: 'grok-4', provider: 'xai' },
];
