"""Names in source code: which ask for a model, and which say a provider."""

from __future__ import annotations

import pytest
from tests.dialects.code_sites import CODE

from stagewright.dialects.code.hints import asks
from stagewright.dialects.code.providers import provider_in
from stagewright.text.code.languages import GLOBS


def test_the_dialect_says_the_names_of_all_languages() -> None:
    assert sorted(CODE.files) == sorted(f"**/{glob}" for glob in GLOBS)


@pytest.mark.parametrize(
    "name",
    [
        *("model", "Model", "MODEL", "model_name", "modelName", "MODEL_ID", "modelId", "models"),
        *("OPENAI_MODEL", "self.model", "default_model", "--model", "setModel", "withModel"),
        *("spring.ai.openai.chat.options.model", "model-name", "LLM_MODEL_NAME", "chatModel"),
        *("$model", "fallbackModels", "llm", "embedding_model", "model_default", "args.model"),
    ],
)
def test_names_that_ask_for_a_model(name: str) -> None:
    assert asks(name)


@pytest.mark.parametrize(
    "name",
    [
        *("deployment", "model_deployment", "AZURE_DEPLOYMENT", "deploymentModel", "modeling"),
        *("served_model_name", "--served-model-name"),
        *("remodel", "model_path", "model_dir", "model_config", "data_model", "DbModel", "mode"),
        *("modelViewer", "models_count", "", "llm_key", "model_file", "model_class"),
    ],
)
def test_names_that_do_not(name: str) -> None:
    assert not asks(name)


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("OPENAI_MODEL", "openai"),
        ("new ChatAnthropic", "anthropic"),
        ("azure_openai", "azure"),
        ("genai.GenerativeModel", "gemini"),
        ("spring.ai.mistralai.chat.model", "mistral"),
        ("googleMaps", ""),
        ("model", ""),
        ("togetherness", ""),
    ],
)
def test_names_of_providers_in_names(name: str, whose: str) -> None:
    assert provider_in(name) == whose
