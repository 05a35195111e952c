"""What users can set: the types of it, and what is in effect."""

from stagewright.settings.model import (
    ORIGIN_VARIABLES,
    PROVIDER_IDS,
    BrokenProvider,
    CodeSettings,
    ContextMode,
    DialectSettings,
    Ignored,
    Kind,
    OwnDialect,
    ProviderSettings,
    Settings,
    SettingsProblem,
    camel,
    settings_schema,
)
from stagewright.settings.resolve import load

__all__ = [
    "ORIGIN_VARIABLES",
    "PROVIDER_IDS",
    "BrokenProvider",
    "CodeSettings",
    "ContextMode",
    "DialectSettings",
    "Ignored",
    "Kind",
    "OwnDialect",
    "ProviderSettings",
    "Settings",
    "SettingsProblem",
    "camel",
    "load",
    "settings_schema",
]
