#!/usr/bin/env node
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from "@google/genai";
import { encode } from 'gpt-3-encoder';
const dotenv = require("dotenv"), own = require('./claude-2.1');
await import('./models/gpt-4o.mjs');

const anthropic = new Anthropic();
const ai = new GoogleGenAI({});

const CLAUDE_MODEL = process.env.CLAUDE_MODEL || "claude-sonnet-4-20250514";
let geminiModel = 'gemini-1.5-flash'; // or "gemini-1.5-pro"
const table = new Map([['gemini-2.5-flash-lite', 1], ["claude-opus-4-20250514", 2]]);

export async function ask(q) {
  const message = await anthropic.messages.create({
    model: "claude-3-5-haiku-20241022",
    max_tokens: 1024,
    system: "You're \"claude-2.1\"; say so.",
    messages: [{ role: 'user', content: q }],
  });
  const r = await ai.models.generateContent({ model: 'gemini-2.5-flash', contents: q });
  const e = ai.models.embedContent({ model: `gemini-embedding-001`, contents: q });
  console.error(`claude-2.1: ${message}`);
  return q.replace(/'gpt-4o'/g, '').split(/gpt-4o/) ?? "no answer from gpt-4o";
}

switch (process.argv[2]) {
  case "gemini-1.5-pro": break;
  case 'gemini': break;
}
app.get('/v1/models/gpt-4o', (req, res) => res.json({ object: "model", model: 'Invoice' }));
mongoose.model('User4-o', schema); ref = { refPath: "modelType", model: "Comment" };
/* "gpt-4o"
   'claude-2.1'
*/ const tail = "claude-instant-1.2";
viewer.load({ model: "duck.obj", scale: '1.5' });
const token = 'sk-proj-gpt4oAbCdEfGhIjKlMnOpQrStUvWxYz0123456789';
