"""Asks a server of one's own, whose models may be called anything."""

from openai import AsyncOpenAI

client = AsyncOpenAI(base_url="http://localhost:8000/v1", api_key="none")


async def ask(text: str) -> str:
    answer = await client.chat.completions.create(
        model="gpt-3.5-turbo", messages=[{"role": "user", "content": text}]
    )
    return answer.choices[0].message.content


async def embed(text: str) -> list[float]:
    answer = await client.embeddings.create(input=text, model="text-embedding-ada-002")
    return answer.data[0].embedding
