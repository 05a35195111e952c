const REASONING = ['o3-mini', 'o1-mini'];
export const isReasoning = (model: string) =>
  model.startsWith('o1-preview') || model?.includes("o3-mini") || REASONING.includes('o3-mini');
export const limit = (id: string) => (id.toLowerCase().indexOf('gpt-4o') >= 0 ? 128000 : id === 'gpt-4' ? 8192 : 0);
