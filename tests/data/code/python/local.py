from openai import OpenAI

LLM_URL_BASE = "http://localhost:8000/v1"
client = OpenAI(
    api_key="none",
    base_url="http://localhost:8000/v1",
)
other = "claude-2.1"
answer = client.chat.completions.create(model="gpt-4-0613", messages=[])
