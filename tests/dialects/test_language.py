"""The language of dialect files: what may be said, and how what may not is told."""

from __future__ import annotations

import pickle
import re
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import BaseModel

from stagewright.catalog.knowledge import PROVIDERS
from stagewright.dialects.checked import (
    Condition,
    Defines,
    Detect,
    DialectFile,
    Extract,
    Names,
    OwnDialectFile,
    Place,
    Provider,
    SettingsFiles,
    SharedPlace,
)
from stagewright.dialects.dialect import (
    SHARED,
    DialectError,
    all_builtin,
    builtin,
    builtins,
    dialects_from,
)
from stagewright.dialects.faults import checked, faults
from stagewright.dialects.registry import Dialects
from stagewright.settings.model import PROVIDER_IDS

DOCS = Path(__file__).parents[2] / "server" / "docs"
FILES = sorted(SHARED.parent.glob("*.toml"))

PLACE = """
[[places]]
at = ["$.model"]
written = "provider/model"
"""
HEAD = """
name = "Mine"
files = ["mine.yaml"]
"""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_built_in_dialect_is_what_a_user_could_write(file: Path) -> None:
    said = tomllib.loads(file.read_text("utf-8"))
    assert list(faults(said, OwnDialectFile, {*PROVIDER_IDS, *PROVIDERS})) == []
    assert builtins(file.stem)
    assert file.read_text("utf-8").startswith("# ")


@pytest.mark.parametrize("file", sorted(SHARED.glob("*.toml")), ids=lambda file: file.stem)
def test_what_places_share_is_what_a_place_may_say(file: Path) -> None:
    assert list(faults(tomllib.loads(file.read_text("utf-8")), SharedPlace)) == []


@pytest.mark.parametrize(
    ("text", "key", "why"),
    [
        (HEAD + "nmae = 'x'" + PLACE, "nmae", "unknown key"),
        (HEAD + PLACE + "writen = 'model'", "places.0.writen", "unknown key"),
        (HEAD + PLACE + "when = [{at = '@.a', si = ['x']}]", "places.0.when.0.si", "unknown key"),
        (HEAD + PLACE + "extract = {option = ['-m']}", "places.0.extract.option", "unknown key"),
        (HEAD + PLACE + "provider = {form = []}", "places.0.provider.form", "unknown key"),
        (HEAD + "[defines]\nmodel = []" + PLACE, "defines.model", "unknown key"),
        (HEAD + "[[detect]]\nfiles = ['a']\nkey = ['b']" + PLACE, "detect.0.key", "unknown key"),
        (HEAD, "", "missing key `places`"),
        (PLACE, "", "missing key `name`"),
        (HEAD + PLACE.replace("$.model", "model"), "places.0.at.0", "expected `\\$` at"),
        (HEAD + PLACE.replace("/", "@"), "places.0.written", "expected `provider/model`"),
        (HEAD + "syntax = 'xml'" + PLACE, "syntax", "yaml|no syntax"),
        (HEAD + PLACE + "redirects = ['^.a']", "places.0.redirects.0", r"expected `\$` or `@`"),
        (HEAD + PLACE + "redirects = ['@']", "places.0.redirects.0", "expected a key"),
        (HEAD + PLACE + "use = 'nobody'", "places.0.use", "no shared file `nobody`"),
        (HEAD + PLACE + "use = '../dialect'", "places.0.use", "no shared file"),
        (HEAD + PLACE + "most = 'fatal'", "places.0.most", "`error`"),
        (HEAD + PLACE + "opaque = 'x'", "places.0.opaque", "list"),
        (HEAD + PLACE + "at = 4", None, ""),
        (HEAD + PLACE + "extract = {split = ',', after = ':'}", "places.0.extract", "one of"),
        (HEAD + "syntax = {md = 'front-matter'}" + PLACE, "files.0", "`syntax` has no key `yaml`"),
        ("name = 'x'" + PLACE, "", "missing key `files` or `detect`"),
    ],
)
def test_what_may_not_be_said_is_told_with_its_key(text: str, key: str | None, why: str) -> None:
    if key is None:
        with pytest.raises(tomllib.TOMLDecodeError):
            tomllib.loads(text)
        return
    made, found = checked("mine", tomllib.loads(text))
    assert made == ()
    assert any(".".join(map(str, one.key)) == key for one in found), found
    assert any(re.search(why, one.why) for one in found), found


def test_an_unknown_key_is_an_error_without_pydantic_too() -> None:
    for text in (HEAD + "nmae = 'x'" + PLACE, HEAD + PLACE + "suffixes = ['x']"):
        with pytest.raises(DialectError, match="unknown key"):
            dialects_from("mine", tomllib.loads(text))


def test_a_places_own_keys_win_over_those_that_it_uses() -> None:
    text = HEAD + dedent("""
        [[places]]
        use = "claude-code"
        at = ["$.model"]
        suffix = ["!"]
        [places.aliases]
        sonnet = "Another."
        mine = "Mine."
        """)
    ((dialect,), found) = checked("mine", tomllib.loads(text))
    (place,) = dialect.places
    assert found == []
    assert place.suffix == ("!",)
    assert place.provider.default == "anthropic"
    assert place.aliases["sonnet"] == "Another."
    assert {"mine", "opus"} <= set(place.aliases)


def test_a_dialect_of_several_syntaxes_is_one_for_each() -> None:
    text = dedent("""
        name = "Mine"
        files = ["**/mine.{json,jsonc}", "a.{md,json}", "x.md"]
        syntax = {json = "json", jsonc = "json", md = "front-matter"}
        [[detect]]
        files = ["**/other.json"]
        keys = ["model"]
        [[places]]
        at = ["$.model"]
        written = "provider/model"
        """)
    made, found = checked("mine", tomllib.loads(text))
    assert found == []
    assert [(one.id, one.syntax, one.files, len(one.detect)) for one in made] == [
        ("mine", "json", ("**/mine.{json,jsonc}", "a.json"), 1),
        ("mine", "front-matter", ("a.md", "x.md"), 0),
    ]


def test_a_built_in_dialect_stays_itself_in_another_process() -> None:
    for dialect in all_builtin():
        assert pickle.loads(pickle.dumps(dialect)) is dialect
    (mine,), _ = checked("mine", tomllib.loads(HEAD + PLACE))
    again = pickle.loads(pickle.dumps(mine))
    assert (again.id, again.places) == (mine.id, mine.places)


def test_the_dialects_in_effect() -> None:
    assert not any(one.runs_here for one in Dialects())
    assert "promptfoo" in {one.id for one in Dialects()}
    assert "promptfoo" not in {one.id for one in Dialects(off=frozenset({"promptfoo"}))}
    (mine,), _ = checked("promptfoo", tomllib.loads(HEAD + PLACE))
    assert [one for one in Dialects((mine,)) if one.id == "promptfoo"] == [mine]
    assert next(iter(Dialects((mine,)))) is mine
    assert builtin("promptfoo") not in Dialects((mine,))


@pytest.mark.parametrize(
    "shape",
    [DialectFile, Place, Detect, Defines, Names, Condition, SettingsFiles, Provider, Extract],
)
def test_the_page_about_writing_one_tells_of_every_key(shape: type[BaseModel]) -> None:
    page = (DOCS / "dialect-files.md").read_text("utf-8")
    keys = [field.alias or name for name, field in shape.model_fields.items()]
    assert [key for key in keys if not re.search(rf"[`{{\[ ]{key}[`\] ]", page)] == []


def test_what_the_page_about_writing_one_shows_can_be_written() -> None:
    page = (DOCS / "dialect-files.md").read_text("utf-8")
    whole, *places = re.findall(r"```toml\n(.+?)```", page, re.DOTALL)
    assert len(places) == 1
    for more in ("", *places):
        said = tomllib.loads(f"{whole}\n{more}")["dialects"]["acme"]
        assert checked("acme", said)[1] == []
