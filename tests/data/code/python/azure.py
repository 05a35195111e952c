"""Models at Azure: what a client is given names a deployment, what a list holds names models."""

from openai import AzureOpenAI

SUPPORTED = ["gpt-4o", "gpt-4-turbo", "o1-mini"]
client = AzureOpenAI(azure_endpoint="https://gpt-4o.openai.azure.com", api_version="2024-10-21")
answer = client.chat.completions.create(model="gpt-4o", messages=[])
