import OpenAI from 'openai';
import { Injectable } from '@nestjs/common';

const RE = /"gpt-4o"/;
const RE2 = /['"]claude-2.1['"]/g, after = 'gpt-4o';
const half = 10 / 2, more = "gpt-4", rest = 4 / 2;
const nested = `a ${cond ? "gpt-4o-mini" : `b ${x}`} c`;
const sql = `
  SELECT 'gpt-4o' AS model,
         "claude-2.1"
`;
const next = 'gpt-4-0613';

export enum ModelId {
  Fast = 'gpt-4.1-nano',
  Slow = "o3-deep-research",
  None = 'none',
}

interface Options { model?: string; modelName: 'gpt-3.5-turbo'; deploymentName: 'gpt-4' }

@Injectable()
export class Service {
  private readonly model: string = 'gpt-5.1';
  static defaultModel = "chatgpt-4o-latest";
  private user = { model: 'User', ref: "Order" };
  car = { make: 'VW', model: 'ID.4' };
  mesh = new Loader({ model: '/assets/chair-4o.gltf' });

  constructor(private readonly api: OpenAI, readonly modelId = "gpt-5.2") {}

  ask(text: string, model = process.env.OPENAI_MODEL ?? 'gpt-4o-2024-05-13') {
    console.log('Using model gpt-4o', "claude-2.1 is gone");
    return this.api.chat.completions.create({
      "model": 'gpt-4-1106-preview', // 'gpt-4'
      /* model: 'gpt-4o', */ messages: [{ role: 'user', content: text }],
    });
  }

  embed = (input: string) => this.api.embeddings.create({ model: "text-embedding-ada-002", input });
  url = 'https://x.example/gpt-4o' + `//cdn.example/claude-2.1`;
  cls = "badge badge--gpt-4o";
  version = '4.1';
  dep = "gpt-tokenizer@2.1.0";
  tag = 'davinci';
  cmd = { command: 'command-r' };
  esc = 'don\'t use "gpt-4o"';
}
