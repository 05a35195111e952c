"""Which texts may be names of models, whatever is known of models."""

from __future__ import annotations

import re

from stagewright.mask import is_secret

LONGEST = 200
"""Characters of what may be a model's name."""

_SHAPE = re.compile(r"[A-Za-z~@][\w.:/@+~-]*(?<![.:/@+-])")
_PATH = re.compile(
    r"://|^[./~]|\.\.|//"
    r"|\.(?:md|txt|json|ya?ml|toml|py|js|ts|html?|pkl|bin|pt|pth|onnx|h5|glb|gguf|safetensors|ckpt"
    r"|png|jpe?g|svg|css|csv|log|sh|go|rs)$",
    re.IGNORECASE,
)


def is_name(text: str) -> bool:
    """Whether a text may be the name of a model."""
    return (
        0 < len(text) <= LONGEST
        and _SHAPE.fullmatch(text) is not None
        and _PATH.search(text) is None
        and not is_secret(text)
    )
