"""What is said of models in source code: no more than is sure; and what silences it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.code_models import KNOWN, LIVE, OPENAI, opened, said
from tests.analysis.support import OPTIONS, catalog, provider

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.lookups import references, to_ask_about
from stagewright.analysis.fixes.actions import fixes
from stagewright.analysis.hover import hover
from stagewright.analysis.named import named_in
from stagewright.catalog.model import ModelReference
from stagewright.dialects.dialect import builtin
from stagewright.dialects.opening import open_document
from stagewright.text.buffer import Position
from stagewright.text.code.languages import LANGUAGES, Language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('x = "gpt-4-gone"', ("model-retired", "warning")),  # Azure still has it
        ('OPENAI_MODEL = "gpt-4-gone"', ("model-retired", "error")),
        ('import openai; x = "gpt-4-gone"', ("model-retired", "error")),
        ('x = "openai:gpt-4-gone"', ("model-retired", "error")),
        ('x = "gpt-3-gone"', ("model-retired", "error")),  # nobody has it any more
        ('x = "open-1b"', ("model-retired", "warning")),  # one that hosts it does not any more
        ('TOGETHER_AI_MODEL = "open-2b"', ("model-retired", "error")),
        ('x = "open-2b"', ("model-retired", "error")),
        ('x = "claude-2.9"', ("model-retired", "error")),
        ('x = "gpt-4-ending"', ("model-deprecated", "information")),
        ('OPENAI_MODEL = "gpt-4-ending"', ("model-deprecated", "warning")),
        ('OPENAI_MODEL = "gtp-4-gone"', ("model-unrecognized", "information")),
        ('ANTHROPIC_MODEL = "cluade-opus-5"', None),  # a list is at hand, and no table
        ('x = "gtp-4-gone"', None),
        ('model = "gtp-4-gone"', None),
        ('model = "gpt-5"', None),
        ('OPENAI_MODEL = "text-embed-3"', None),
        ('ANTHROPIC_MODEL = "claude-2.9x"', None),  # never by what a list lacks
        ('OpenAI(base_url=url, model="gpt-3-gone")', None),
        ('AzureOpenAI()(model="gpt-3-gone")', None),
    ],
)
def test_severity_follows_how_sure_it_is(text: str, expected: tuple[str, str] | None) -> None:
    assert said(text) == ([(0, *expected)] if expected else [])


def test_a_model_of_a_live_list_is_that_provider_s() -> None:
    live = catalog(OPENAI, provider("groq", "gpt-3-gone"))
    assert said('x = "gpt-3-gone"', by=live) == []
    assert said('import openai\nx = "gpt-3-gone"', by=live) == [(1, "model-retired", "error")]


def test_a_new_catalogue_is_used_at_once() -> None:
    document = opened('model = "claude-opus-5"')
    assert [str(one) for one in references(document)] == ["anthropic/claude-opus-5"]
    document.recognize(catalog(provider("acme", "claude-opus-5")))
    assert [str(one) for one in references(document)] == ["acme/claude-opus-5"]


def test_the_warning_names_the_route() -> None:
    [found] = diagnose(opened('x = "gpt-4-gone"'), KNOWN, OPTIONS)
    assert found.message.startswith("OpenAI retired `gpt-4-gone` on 2026-01-05")


def test_no_provider_is_asked_about_a_literal() -> None:
    document = opened('import openai\nmodel = "openai/gpt-9"')
    by = catalog(provider("openai", "gpt-5"))
    assert references(document) == [ModelReference("openai", "gpt-9")]
    assert to_ask_about(document, by, OPTIONS) == []
    assert said(document.text, by=by) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", 'x = "gpt-3-gone"  # stagewright: ignore'),
        ("a.py", '# stagewright: ignore\nx = "gpt-3-gone"'),
        ("a.py", 'x = "gpt-3-gone"  # stagewright: ignore[model-retired]'),
        ("a.py", '# old, stagewright: ignore[a, model-retired], as before\nx = "gpt-3-gone"'),
        ("a.ts", 'f("gpt-3-gone"); // stagewright: ignore'),
        ("a.ts", '/* stagewright: ignore */\nf("gpt-3-gone");'),
        ("a.vue", '<!-- stagewright: ignore -->\n<a b="gpt-3-gone"/>'),
        (".env", "# stagewright: ignore\nMODEL=gpt-3-gone"),
        ("a.ini", "; stagewright: ignore\nmodel = gpt-3-gone"),
        ("a.yaml", "model: gpt-3-gone # stagewright: ignore"),
        ("a.ps1", '$model = "gpt-3-gone" <# stagewright: ignore #>'),
        ("a.py", 'x = "gpt-3-gone"  # stagewright: ignore model-retired'),
        ("a.py", 'x = "gpt-3-gone"  # stagewright: ignore: model-deprecated, model-retired'),
        ("a.py", 'x = "gpt-3-gone"  # stagewright: ignore until we move'),
        ("a.ts", '/* stagewright: ignore model-retired */\nf("gpt-3-gone");'),
        ("a.tsx", '<p>\n  {/* stagewright: ignore */}\n  {f("gpt-3-gone")}\n</p>'),
        ("a.py", '#!/usr/bin/env python\n# stagewright: ignore-file\n\n\nx = "gpt-3-gone"'),
        ("a.ts", '// stagewright: ignore-file[model-retired]\n\nf("gpt-3-gone");'),
        (".env", "# stagewright: ignore-file\n\nMODEL=gpt-3-gone"),
        (
            "a.ipynb",
            '{"cells": [{"cell_type": "code", "source": [\n'
            '"# stagewright: ignore\\n",\n"x = \'gpt-3-gone\'"]}]}',
        ),
    ],
)
def test_a_comment_silences_in_any_style(name: str, text: str) -> None:
    assert said(text, name) == []
    assert said(text.replace("stagewright", "stagewrong"), name) != []


@pytest.mark.parametrize(
    "text",
    [
        'x = "gpt-3-gone"  # stagewright: ignore[model-deprecated]',
        'x = "gpt-3-gone"  # stagewright: ignore model-deprecated',
        'x = "gpt-3-gone"  # stagewright: ignore model-deprecated, model-unlisted as before',
        '# stagewright: ignore: model-deprecated\nx = "gpt-3-gone"',
        'x = "stagewright: ignore", "gpt-3-gone"',
        '# stagewright: ignore\n\nx = "gpt-3-gone"',
        'y = 1  # stagewright: ignore\nx = "gpt-3-gone"',
        'x = "gpt-3-gone"  # stagewright: ignore-not',
        'x = "gpt-3-gone"\n# stagewright: ignore',
    ],
)
def test_others_silence_nothing(text: str) -> None:
    assert [code for _, code, _ in said(text)] == ["model-retired"]


CHILD, ELEMENT = '  {f("gpt-3-gone")}', '  <A model="gpt-3-gone" />'
TEXT, CODE = '  Ask {f("gpt-3-gone")} now', '  model="gpt-3-gone"'
IN_MARKUP = "  {/* stagewright: ignore[model-retired] */}"
IN_CODE = "  // stagewright: ignore[model-retired]"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "a.py",
            '    f("gpt-3-gone")',
            '    # stagewright: ignore[model-retired]\n    f("gpt-3-gone")',
        ),
        ("a.ts", '\tf("gpt-3-gone")', '\t// stagewright: ignore[model-retired]\n\tf("gpt-3-gone")'),
        (".env", "MODEL=gpt-3-gone", "# stagewright: ignore[model-retired]\nMODEL=gpt-3-gone"),
        (
            "a.ipynb",
            '{"cells": [{"cell_type": "code", "source": [\n "x = \'gpt-3-gone\'\\n"\n]}]}',
            '{"cells": [{"cell_type": "code", "source": [\n'
            ' "# stagewright: ignore[model-retired]\\n",\n'
            " \"x = 'gpt-3-gone'\\n\"\n]}]}",
        ),
        ("a.json", '{"model": "gpt-3-gone"}', None),
        ("a.sh", 'llm \\\n  --model "gpt-3-gone"', None),
        ("a.vue", '<a b="gpt-3-gone"/>', None),
        *(
            ("a.tsx", text, text.replace(line, f"{before}\n{line}"))
            for line, before, text in (
                (CHILD, IN_MARKUP, f"<p>\n{CHILD}\n</p>"),
                (CHILD, IN_MARKUP, f"<p>\n  Some text\n\n{CHILD}\n</p>"),
                (CHILD, IN_MARKUP, f"<p\n  a={{b}}>\n{CHILD}\n</p>"),
                (CHILD, IN_MARKUP, f"<>\n  {{a}}\n{CHILD}\n</>"),
                (ELEMENT, IN_MARKUP, f"<div\n  a\n>\n{ELEMENT}\n</div>"),
                (ELEMENT, IN_MARKUP, f"<div>\n  <a />\n{ELEMENT}\n</div>"),
                (TEXT, IN_MARKUP, f"<p>\n{TEXT}\n</p>"),
                (ELEMENT, IN_CODE, f"return (\n{ELEMENT}\n)"),
                (ELEMENT, IN_CODE, f"x.map((y) =>\n{ELEMENT}\n)"),
                (CHILD, IN_CODE, f"x = [\n{CHILD}\n]"),
                (CHILD, IN_CODE, f"x = [\n  {{}}, // all\n  // old\n{CHILD}\n]"),
                (CODE, IN_CODE, f"x: Array<string>\n{CODE}"),
                (CODE, IN_CODE, f"<Foo\n{CODE}\n/>"),
            )
        ),
    ],
)
def test_the_comment_is_written_as_the_file_writes_its_own(
    name: str, text: str, expected: str | None
) -> None:
    document = open_document(text, builtin("code"), name=name)
    [found] = diagnose(document, KNOWN, OPTIONS)
    titles = {fix.title: fix for fix in fixes(document, found, KNOWN, OPTIONS)}
    ignoring = titles.get("Ignore model-retired here")
    assert (document.apply(ignoring.edits) if ignoring else None) == expected
    if expected:
        assert said(expected, name) == []


PIECES = (
    *(
        'model="',
        "model='gpt-5'",
        '"gpt-3-gone"',
        "# stagewright: ignore",
        "import openai",
        "(",
        ")",
    ),
    *(
        "base_url=",
        "${MODEL:-gpt-5}",
        "MODEL=gpt-5",
        "- name: MODEL",
        "value: gpt-5",
        "\\",
        "{",
        "}",
    ),
    *(
        '"""',
        "`${",
        "/*",
        "<<EOF",
        "EOF",
        '"cells": [{"cell_type": "code", "source": ["',
        "\ud800é😀",
    ),
    *("\n", "\n", " ", ",", "[", "]", "|", "=", ":", "anthropic(", "os.getenv("),
)


@given(st.sampled_from(LANGUAGES), st.lists(st.sampled_from(PIECES), max_size=20), st.data())
@settings(max_examples=250, deadline=None)
def test_no_text_and_no_place_in_it_raises(
    language: Language, pieces: list[str], data: st.DataObject
) -> None:
    text = "".join(pieces)
    name = language.files[0].replace("*", "a")
    document = open_document(text, builtin("code"), name=name)
    line = data.draw(st.integers(0, len(document.lines) - 1))
    at = Position(line, data.draw(st.integers(0, len(document.lines[line]) + 1)))
    complete(document, at, LIVE, OPTIONS)
    hover(document, at, KNOWN, OPTIONS)
    for found in diagnose(document, KNOWN, OPTIONS):
        for fix in fixes(document, found, KNOWN, OPTIONS):
            document.apply(fix.edits)
    for named in named_in(document):
        assert document.text_of(named.span) == named.written
