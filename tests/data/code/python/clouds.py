import json

import boto3
from langchain_aws import ChatBedrock
from langchain_cohere import ChatCohere
from langchain_mistralai import ChatMistralAI
from langchain_together import ChatTogether

runtime = boto3.client("bedrock-runtime", region_name="us-east-1")


def invoke(body: dict[str, object]) -> object:
    return runtime.invoke_model(
        modelId="anthropic.claude-3-5-sonnet-20240620-v1:0",
        contentType="application/json",
        body=json.dumps(body | {"anthropic_version": "bedrock-2023-05-31"}),
    )


nova = ChatBedrock(model_id="amazon.nova-pro-v1:0", provider="amazon")
llama = {"modelId": "meta.llama3-70b-instruct-v1:0", "tags": ["nova-pro-v1-app"]}
together = ChatTogether(model="mistralai/Mixtral-8x7B-Instruct-v0.1")
mistral = ChatMistralAI(model="open-mixtral-8x7b")
cohere = ChatCohere(model="command-r-08-2024", stop=["command-r"])
word = ChatCohere(model="command", user_agent="cohere-py/5.11.0")
regions = {"anthropic.claude-3-haiku-20240307-v1:0": ["eu-west-1"]}
rerank = ["rerank-v3.5", "embed-english-v3.0", "pixtral-12b-2409"]
arns = "arn:aws:iam::123456789012:role/claude-2.1"
bucket = "s3://models/gpt-4o/"
groq = ["mixtral-8x7b-32768", 'llama3-70b-8192']
sonar = {"model": "sonar-pro", "search": "sonar", "test-id": "row-sonar-pro-1"}
secret = "AKIAGPT4OCLAUDE21XYZQ"
