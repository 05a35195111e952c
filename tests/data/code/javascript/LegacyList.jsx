export const MODELS = [
  ['open-mistral-7b', 'Mistral 7B'],
  ["mistral-large-2411", 'Mistral Large 24.11'],
  ['llama3-70b-8192', "Llama 3 70B"],
];

export const List = ({ model = "gemini-1.0-pro" }) => (
  <ul data-testid="models-4o-list" className={'list list--gpt-4o'}>
    {MODELS.map(([id, label]) => <li key={id} className={`gpt-4o-${id}`}>{label}</li>)}
    <li data-model='claude-3-opus-20240229'>You're on "claude-3-opus"</li>
    <Item model={"mistral-large-latest"} testId='item-mistral-large-2411' />
    <Mesh model={'/mesh/horse-2.1.glb'} />
  </ul>
);
