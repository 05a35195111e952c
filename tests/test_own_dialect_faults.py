"""What is told of each fault in a dialect of a user's own: the whole text."""

from pathlib import Path

import pytest
from tests.test_settings import loaded

from stagewright.settings import load

HEAD = """[dialects.bad]
name = "Bad"
files = ["a.yaml"]
"""
PLACE = """[[dialects.bad.places]]
at = ["$.model"]
written = "model"
"""
LEFT_OUT = " The dialect is left out."

# Each with the text and what is told of it, the last sentence left out.
CASES = {
    "name no string": (
        '[dialects.bad]\nname = 3\nfiles = ["a.yaml"]\n' + PLACE,
        ["line 2, dialects.bad.name: expected a string, found a number."],
    ),
    "files no list": (
        '[dialects.bad]\nname = "Bad"\nfiles = "a.yaml"\n' + PLACE,
        ["line 3, dialects.bad.files: expected a list, found a string."],
    ),
    "file no string": (
        '[dialects.bad]\nname = "Bad"\nfiles = ["a.yaml", 4]\n' + PLACE,
        ["line 3, dialects.bad.files[1]: expected a string, found a number."],
    ),
    "files empty": (
        '[dialects.bad]\nname = "Bad"\nfiles = []\n' + PLACE,
        ["line 3, dialects.bad.files: expected at least one glob, found an empty list."],
    ),
    "no files": (
        '[dialects.bad]\nname = "Bad"\n' + PLACE,
        ["line 1, dialects.bad: missing key `files` or `detect`."],
    ),
    "no places": (HEAD, ["line 1, dialects.bad: missing key `places`."]),
    "places empty": (
        HEAD + "places = []\n",
        ["line 4, dialects.bad.places: expected at least one place, found an empty list."],
    ),
    "nothing": (
        "[dialects.bad]\n",
        [
            "line 1, dialects.bad: missing key `name`.",
            "line 1, dialects.bad: missing key `places`.",
            "line 1, dialects.bad: missing key `files` or `detect`.",
        ],
    ),
    "misspelt key": (
        '[dialects.bad]\nname = "Bad"\nfils = ["a.yaml"]\n' + PLACE,
        ["line 3, dialects.bad.fils: unknown key. Did you mean `files`?"],
    ),
    "unknown key": (HEAD + "colour = 'x'\n" + PLACE, ["line 4, dialects.bad.colour: unknown key."]),
    "syntax": (
        HEAD + "syntax = 'xml'\n" + PLACE,
        [
            (
                "line 4, dialects.bad.syntax: expected `yaml`, `json`, `toml` or `front-matter` "
                "(or a table of them), found `xml`."
            )
        ],
    ),
    "syntax number": (
        HEAD + "syntax = 4\n" + PLACE,
        ["line 4, dialects.bad.syntax: expected a string or a table, found a number."],
    ),
    "syntax table": (
        HEAD + "syntax = { yaml = 'xml' }\n" + PLACE,
        [
            (
                "line 4, dialects.bad.syntax.yaml: expected `yaml`, `json`, `toml` or "
                "`front-matter`, found `xml`."
            )
        ],
    ),
    "syntax lacks": (
        HEAD + "syntax = { json = 'json' }\n" + PLACE,
        ["line 3, dialects.bad.files[0]: `a.yaml`: `syntax` has no key `yaml`."],
    ),
    "has of values": (
        HEAD + PLACE + "[dialects.bad.defines]\nproviders = [{ at = '$.a[*].b', has = ['@.c'] }]\n",
        [
            (
                "line 8, dialects.bad.defines.providers[0].has: counts only for keys: expected "
                "`at` to end in `.*`."
            )
        ],
    ),
    "day": (
        HEAD + "service_ended = 'soon'\n" + PLACE,
        ["line 4, dialects.bad.service_ended: expected a day, such as 2026-07-30."],
    ),
    "glob bracket": (
        '[dialects.bad]\nname = "Bad"\nfiles = ["a/[.yaml"]\n' + PLACE,
        ["line 3, dialects.bad.files[0]: `a/[.yaml` has a bracket that is not closed."],
    ),
    "glob brace": (
        '[dialects.bad]\nname = "Bad"\nfiles = ["a.{yaml,yml"]\n' + PLACE,
        ["line 3, dialects.bad.files[0]: `a.{yaml,yml` has unbalanced or nested braces."],
    ),
    "glob in detect": (
        HEAD + "[[dialects.bad.detect]]\nfiles = ['../x']\nkeys = ['a']\n" + PLACE,
        [
            (
                "line 5, dialects.bad.detect[0].files[0]: `../x` must not leave the workspace "
                "folder with `..`."
            )
        ],
    ),
    "detect without": (
        HEAD + "[[dialects.bad.detect]]\nfiles = ['x']\n" + PLACE,
        ["line 4, dialects.bad.detect[0]: missing key `keys`, `text` or `beside`."],
    ),
    "detect no files": (
        HEAD + "[[dialects.bad.detect]]\nkeys = ['x']\n" + PLACE,
        ["line 4, dialects.bad.detect[0]: missing key `files`."],
    ),
    "written misspelt": (
        HEAD + '[[dialects.bad.places]]\nat = ["$.model"]\nwriten = "model"\n',
        ["line 6, dialects.bad.places[0].writen: unknown key. Did you mean `written`?"],
    ),
    "written left out": (
        HEAD + '[[dialects.bad.places]]\nat = ["$.model"]\n',
        [
            (
                "line 4, dialects.bad.places[0]: missing key `written`: one of `provider/model`, "
                "`provider:model`, `model`, `local` or `display`."
            )
        ],
    ),
    "written pair": (
        HEAD + '[[dialects.bad.places]]\nat = ["$.model"]\nwritten = "pair"\n',
        [
            (
                "line 6, dialects.bad.places[0].written: expected `provider/model`, "
                "`provider:model`, `model`, `local` or `display`, found `pair`."
            )
        ],
    ),
    "at empty": (
        HEAD + '[[dialects.bad.places]]\nat = []\nwritten = "model"\n',
        [
            (
                "line 5, dialects.bad.places[0].at: expected at least one key path, found an "
                "empty list."
            )
        ],
    ),
    "at left out": (
        HEAD + '[[dialects.bad.places]]\nwritten = "model"\n',
        ["line 4, dialects.bad.places[0]: missing key `at`."],
    ),
    "at no path": (
        HEAD + '[[dialects.bad.places]]\nat = ["model"]\nwritten = "model"\n',
        [
            (
                "line 5, dialects.bad.places[0].at[0]: invalid key path `model`: expected `$` at "
                "its start."
            )
        ],
    ),
    "at bad step": (
        HEAD + '[[dialects.bad.places]]\nat = ["$.agents..model"]\nwritten = "model"\n',
        [
            (
                "line 5, dialects.bad.places[0].at[0]: invalid key path `$.agents..model`: "
                "expected `.key`, `['key']`, `.*` or `[*]` at `..model`."
            )
        ],
    ),
    "use": (
        HEAD + PLACE + "use = 'claude-cod'",
        [
            (
                "line 7, dialects.bad.places[0].use: no shared file `claude-cod`. Did you mean "
                "`claude-code`?"
            )
        ],
    ),
    "use of a long name": (
        HEAD + PLACE + f"use = '{'a' * 299}'",
        [f"line 7, dialects.bad.places[0].use: no shared file `{'a' * 299}`."],
    ),
    "when number": (
        HEAD + PLACE + "when = [5]",
        [("line 7, dialects.bad.places[0].when[0]: expected a string or a table, found a number.")],
    ),
    "when without at": (
        HEAD + PLACE + "when = [{ is = ['x'] }]",
        ["line 7, dialects.bad.places[0].when[0]: missing key `at`."],
    ),
    "when both": (
        HEAD + PLACE + "when = [{ at = '@.x', is = ['x'], says = ['y'] }]",
        [("line 7, dialects.bad.places[0].when[0]: expected either `is` or `says`, found both.")],
    ),
    "redirect path": (
        HEAD + PLACE + "redirects = ['x']",
        [
            (
                "line 7, dialects.bad.places[0].redirects[0]: invalid key path `x`: expected `$` "
                "or `@` at its start."
            )
        ],
    ),
    "local": (
        HEAD + PLACE + "local = 'yes'",
        [("line 7, dialects.bad.places[0].local: expected `true` or `false`, found a string.")],
    ),
    "provider": (
        HEAD + PLACE + "provider = 'antropic'",
        [
            (
                "line 7, dialects.bad.places[0].provider: unknown provider `antropic`. Did you "
                "mean `anthropic`?"
            )
        ],
    ),
    "provider number": (
        HEAD + PLACE + "provider = 4",
        [
            (
                "line 7, dialects.bad.places[0].provider: expected a string or a table, found a "
                "number."
            )
        ],
    ),
    "provider empty": (
        HEAD + PLACE + "provider = ''",
        ["line 7, dialects.bad.places[0].provider: expected text, found an empty string."],
    ),
    "provider from": (
        HEAD + PLACE + "provider = { from = ['provider'], default = 'nosuch' }",
        [
            (
                "line 7, dialects.bad.places[0].provider.from[0]: invalid key path `provider`: "
                "expected `$` or `@` at its start."
            ),
            "line 7, dialects.bad.places[0].provider.default: unknown provider `nosuch`.",
        ],
    ),
    "provider ids": (
        HEAD + PLACE + "provider = { ids = { 'gpt-*' = 'opnai' } }",
        [
            (
                "line 7, dialects.bad.places[0].provider.ids.gpt-*: unknown provider `opnai`. "
                "Did you mean `openai`?"
            )
        ],
    ),
    "providers": (
        HEAD + PLACE + "providers = { openai = 'opnai' }",
        [
            (
                "line 7, dialects.bad.places[0].providers.openai: unknown provider `opnai`. Did "
                "you mean `openai`?"
            )
        ],
    ),
    "aliases": (
        HEAD + PLACE + "aliases = { best = 1 }",
        ["line 7, dialects.bad.places[0].aliases.best: expected a string, found a number."],
    ),
    "default": (
        HEAD + PLACE + "default = [[':-']]",
        ["line 7, dialects.bad.places[0].default[0]: expected 2 items, found 1."],
    ),
    "extract none": (
        HEAD + PLACE + "extract = {}",
        [
            (
                "line 7, dialects.bad.places[0].extract: expected one of `options`, `json`, "
                "`split` or `after`, found none."
            )
        ],
    ),
    "extract two": (
        HEAD + PLACE + "extract = { split = ',', after = ':' }",
        [
            (
                "line 7, dialects.bad.places[0].extract: expected one of `options`, `json`, "
                "`split` or `after`, found `split` and `after`."
            )
        ],
    ),
    "extract misspelt": (
        HEAD + PLACE + "extract = { option = ['-m'] }",
        [("line 7, dialects.bad.places[0].extract.option: unknown key. Did you mean `options`?")],
    ),
    "kind": (
        HEAD + PLACE + "kind = 'embedding'",
        [("line 7, dialects.bad.places[0].kind: expected `chat` or `any`, found `embedding`.")],
    ),
    "most secret": (
        HEAD + PLACE + "most = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789'",
        [
            (
                "line 7, dialects.bad.places[0].most: expected `error`, `warning` or "
                "`information`, found a string."
            )
        ],
    ),
    "defines": (
        HEAD + "defines = { model = ['$.x'], providers = ['x'] }\n" + PLACE,
        [
            (
                "line 4, dialects.bad.defines.providers[0]: invalid key path `x`: expected `$` "
                "at its start."
            ),
            "line 4, dialects.bad.defines.model: unknown key. Did you mean `models`?",
        ],
    ),
    "settings": (
        HEAD + "settings = [{ files = ['x'] }]\n" + PLACE,
        ["line 4, dialects.bad.settings[0]: missing key `folder`."],
    ),
    "several": (
        (
            '[dialects.bad]\nname = 3\nfiles = ["a.yaml"]\n'
            '[[dialects.bad.places]]\nat = ["model"]\nwritten = "xx"\n'
            "provider = 'antropic'\nuse = 'nothing'\n"
        ),
        [
            "line 2, dialects.bad.name: expected a string, found a number.",
            (
                "line 5, dialects.bad.places[0].at[0]: invalid key path `model`: expected `$` at "
                "its start."
            ),
            (
                "line 6, dialects.bad.places[0].written: expected `provider/model`, "
                "`provider:model`, `model`, `local` or `display`, found `xx`."
            ),
            (
                "line 7, dialects.bad.places[0].provider: unknown provider `antropic`. Did you "
                "mean `anthropic`?"
            ),
            "line 8, dialects.bad.places[0].use: no shared file `nothing`.",
        ],
    ),
    "id": (
        (
            '[dialects.\'a b\']\nname = "Bad"\nfiles = ["a.yaml"]\n'
            '[[dialects.\'a b\'.places]]\nat = ["$.model"]\nwritten = "model"\n'
        ),
        [
            (
                "line 1, dialects.a b: a dialect's id is letters, digits, `-` and `_`, and does "
                "not begin with `choragen-`."
            )
        ],
    ),
    "secret provider": (
        HEAD + PLACE + "provider = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789'",
        ["line 7, dialects.bad.places[0].provider: unknown provider `…`."],
    ),
}


@pytest.mark.parametrize(("text", "told"), CASES.values(), ids=CASES)
def test_what_is_told(tmp_path: Path, text: str, told: list[str]) -> None:
    """One sentence for each fault, by their lines, and once that the dialect is left out."""
    settings, problems = loaded(tmp_path, text)
    assert problems == [*told[:-1], told[-1] + LEFT_OUT]
    assert not any(getattr(one, "dialects", ()) for one in settings.dialects.values())


@pytest.mark.parametrize(
    "provider", ["openai", "google", "azure", "acme", "unverifiable", "rehearsal"]
)
def test_a_provider_that_may_be_named(tmp_path: Path, provider: str) -> None:
    acme = "[providers.acme]\nbaseUrl = 'http://127.0.0.1:1/v1'\n"
    text = f"{HEAD}{PLACE}provider = '{provider}'\n"
    table = f"{HEAD}{PLACE}providers = {{ theirs = '{provider}' }}\n"
    for one in (text, table):
        assert loaded(tmp_path, one + acme)[1] == []


def test_a_provider_of_the_editors_may_be_named(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(HEAD + PLACE + "provider = 'acme'\n")
    editor = {"providers": {"acme": {"baseUrl": "http://127.0.0.1:1/v1"}}}
    assert load(editor, {}, file)[1] == []
    assert len(load({}, {}, file)[1]) == 1
