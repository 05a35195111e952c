"""Whose the models are that source code names, and which are sent elsewhere."""

from __future__ import annotations

import pytest
from tests.dialects.code_sites import named


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('x = "gpt-4o"', ["openai/gpt-4o?"]),
        ('OPENAI_MODEL = "gpt-4o"', ["openai/gpt-4o"]),
        ('import openai\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('from google import genai\nx = "gemini-2.5-pro"', ["gemini/gemini-2.5-pro"]),
        ('import vertexai\nx = "gemini-2.5-pro"', ["vertex/gemini-2.5-pro"]),
        ('x = "gemini-2.5-pro"', ["gemini/gemini-2.5-pro?"]),
        ('x = "models/gemini-2.5-pro"', ["gemini/models/gemini-2.5-pro?"]),
        ('cohere("command-r")', ["cohere/command-r"]),
        ('x = "llama-3.1-8b-instant"', ["groq/llama-3.1-8b-instant?"]),
        ('model = "phi3:3.8b"', ["ollama/phi3:3.8b?"]),
        ('x = "openai:gpt-4o"', ["openai/gpt-4o"]),
        ('x = "anthropic/claude-opus-4-5"', ["anthropic/claude-opus-4-5"]),
        ('x = "openai/gpt-4o"', ["openai/gpt-4o?"]),
        (
            'base_url="https://openrouter.ai/api/v1"\nx = "openai/gpt-4o"',
            ["openrouter/openai/gpt-4o"],
        ),
        ('model = "openrouter/openai/gpt-4o"', ["openrouter/openai/gpt-4o"]),
        ('x = "anthropic.claude-v2:1"', ["bedrock/anthropic.claude-v2:1?"]),
        ('x = "us.anthropic.claude-v2:1"', ["bedrock/us.anthropic.claude-v2:1?"]),
        ('import anthropic\nimport openai\nx = "claude-2.1"', ["anthropic/claude-2.1"]),
        ('import openai, anthropic\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('import openai, anthropic\nx = "claude-2.1"', ["anthropic/claude-2.1"]),
        ('import openai; import anthropic\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('import anthropic as a, openai as b\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('from lib.llms import OpenAI, Anthropic\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('a = require("openai"), b = require("anthropic")\nx = "gpt-4o"', ["openai/gpt-4o"]),
        (
            'from vertexai.generative_models import Part, GenerativeModel\nx = "gemini-2.5-pro"',
            ["vertex/gemini-2.5-pro"],
        ),
        ('import anthropic\nmodel = "claude-next-9"', ["anthropic/claude-next-9"]),
        ('model = "claude-next-9"', []),
        ('OpenAI(base_url="http://localhost:1234/v1")\nx = "gpt-4o"', ["-"]),
        ('OpenAI(base_url=url)\nx = "gpt-4o"', ["-"]),
        ('# OpenAI(base_url=url)\nx = "gpt-4o"', ["openai/gpt-4o?"]),
        ('OpenAI(base_url=None)\nx = "gpt-4o"', ["openai/gpt-4o?"]),
        ('OpenAI(base_url="https://api.openai.com/v1")\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('c = AzureOpenAI()\nc.create(model="gpt-4o")', ["-"]),
        ('c = AnthropicBedrock()\nc.create(model="claude-2.1")', ["-"]),
        ('model = "azure/gpt-4o"', ["-"]),
        ('from transformers import x\ny = "meta-llama/Llama-3-70b"', ["-"]),
        ('x = "meta-llama/Llama-3-70b"', ["together/meta-llama/Llama-3-70b?"]),
        ('x = ["--model=openai/gpt-4o"]', ["openai/gpt-4o?"]),
    ],
)
def test_whose_model_it_is(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "image: vllm/vllm-openai\ncommand: --model meta-llama/Llama-3-70b"),
        ("a.yaml", "args:\n  - --model\n  - meta-llama/Llama-3-70b\nimage: lmsysorg/sglang:1"),
        ("Dockerfile", "CMD python -m vllm.server --model meta-llama/Llama-3-70b"),
        ("a.yaml", "image: kserve/huggingfaceserver\nargs:\n  - --model_name=gpt-4o"),
        ("a.yaml", "args:\n  - --backend=vllm\n  - --model\n  - gpt-4o"),
        ("a.yaml", 'args: ["--model=gpt-4o", "--backend=vllm"]'),
        ("a.sh", "text-generation-launcher --model-id meta-llama/Llama-3-70b"),
    ],
)
def test_what_a_server_of_one_s_own_is_given_is_its_own(name: str, text: str) -> None:
    assert named(text, name) == ["-"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sh", "llm --model gpt-4o  # vllm"),
        ("a.yaml", 'image: litellm  # was vllm\ncommand: ["--model", "gpt-4o"]'),
        ("a.yaml", "# not vllm\ncommand: --model gpt-4o"),
    ],
)
def test_a_comment_names_no_server(name: str, text: str) -> None:
    assert named(text, name) == named(text.replace("vllm", ""), name) != ["-"]


def test_settings_of_a_program_send_only_what_they_name_elsewhere() -> None:
    assert named("BASE_URL=https://shop.example\nOPENAI_MODEL=gpt-4o", ".env") == ["openai/gpt-4o"]
    assert named("OPENAI_BASE_URL=https://x.example\nOPENAI_MODEL=gpt-4o", ".env") == ["-"]
    text = "OPENAI_BASE_URL=https://x.example\nANTHROPIC_MODEL=claude-2.1"
    assert named(text, ".env") == ["anthropic/claude-2.1"]
