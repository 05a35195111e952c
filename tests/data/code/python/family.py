"""What is looked for in a name is no model."""

MODELS = {"gpt-4o", "gpt-4.1"}


def window(name: str) -> int:
    if name.startswith("gpt-4") or name.lower().startswith(("gpt-3.5-turbo", "claude-2.1")):
        return 8192
    if "gpt-4o" in name or "gpt-4.1" not in name.lower() and "claude-2.1" in self.model:
        return 128_000
    if "gpt-4o-mini" in MODELS or name in ("gpt-5", "gpt-5-mini"):
        return 400_000
    return 4096 if name == "gpt-4-0613" or name.endswith("gpt-4-turbo") else 0
