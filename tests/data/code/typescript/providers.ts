import { bedrock } from '@ai-sdk/amazon-bedrock';
import { azure } from '@ai-sdk/azure';
import { cohere } from '@ai-sdk/cohere';
import { groq } from "@ai-sdk/groq";
import { perplexity } from '@ai-sdk/perplexity';
import { xai } from '@ai-sdk/xai';
import { test, expect } from '@playwright/test';

export const all = {
  bedrock: bedrock('anthropic.claude-3-haiku-20240307-v1:0'),
  cohere: cohere('command-r-08-2024'),
  groq: groq("llama-3.3-70b-versatile"),
  gemma: groq('gemma2-9b-it'),
  sonar: perplexity('sonar-pro'),
  grok: xai("grok-4"),
  mine: azure('my-deployment'),
  routed: 'xai/grok-code-fast-1',
  colon: "groq:llama-3.1-8b-instant",
  cheap: 'mistral/mistral-small-latest',
};

// groq('llama3-70b-8192')
test('picks grok-4 by default', async ({ page }) => {
  await page.getByTestId('option-grok-4').click();
  await expect(page.locator('.option.grok-4')).toBeVisible();
  await expect(page.locator("[data-model='grok-4']")).toHaveText('Grok 4 (xAI)');
  await page.goto('/chat/grok-4');
  await page.getByTestId(`model-picker-4o`).fill("command");
});
