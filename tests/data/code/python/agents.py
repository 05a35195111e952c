import litellm
from agno.models.anthropic import Claude
from langchain.chat_models import init_chat_model
from langchain_anthropic import ChatAnthropic
from langchain_groq import ChatGroq
from pydantic_ai import Agent

CARD = r"C:\models\gpt-4o"
SETTINGS = {
    "model": "anthropic/claude-sonnet-4-6",
    "model_name": 'claude-opus-4-6',
    "command": "command",
    "cwd": "/srv/claude-2.1/bin",
}

writer = Agent('openai:gpt-4o', system_prompt='You are openai:gpt-4o, be brief.')
critic = Agent(model="anthropic:claude-haiku-4-5")
llm = ChatAnthropic(model="claude-3-5-sonnet-20241022", temperature=0)
fast = ChatGroq(model_name="llama-3.1-8b-instant")
chosen = init_chat_model("gpt-4.1-nano", model_provider="openai")
other = Claude(id="claude-sonnet-4-5-20250929")


def answer(messages):
    return litellm.completion(model="mistral/mistral-large-latest", messages=messages)


def route(kind):
    match kind:
        case "cheap":
            return "deepseek/deepseek-chat"
        case "long":
            return "gemini/gemini-2.5-pro"
        case "odd":
            return "openai/docs/gpt-4o.md"
    return """
    gpt-4o
    or "claude-opus-4-6"
    """


PROMPT = """Write JSON:
{"model": "gpt-4o", "name": 'claude-2.1'}
"""
AFTER = "gpt-4-turbo"
