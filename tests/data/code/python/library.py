"""A client of one's own, whose address may be given: nothing shows that it is."""

import os

import httpx
import openai

SITE_BASE_URL = "https://shop.example"
DATABASE_URL = os.environ.get("DATABASE_URL", "postgres://localhost/app")
web = httpx.Client(base_url="https://shop.example/api")


class Client:
    base_url: str | None = None

    def __init__(self, model: str = "gpt-4-32k", base_url: str | None = None, api_base=None):
        self.base_url = base_url or os.environ.get("OPENAI_BASE_URL")
        self.client = openai.OpenAI(base_url=self.base_url)
        assert self.client.base_url != "http://localhost:8000/v1"
        self.model = model or "gpt-3.5-turbo-16k"
