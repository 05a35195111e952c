"""What is said, offered and changed in source code: no more than is sure."""

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.support import OPTIONS, catalog, provider, retiring, without_key
from tests.catalog.knowing import known

from stagewright.analysis.completion.complete import complete
from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.lookups import references, to_ask_about
from stagewright.analysis.edits import replace_model, set_site
from stagewright.analysis.fixes.actions import fixes
from stagewright.analysis.hover import hover
from stagewright.analysis.named import named_in
from stagewright.catalog.catalog import Catalog
from stagewright.catalog.model import Lifecycle, Model, ModelReference
from stagewright.dialects.dialect import builtin
from stagewright.dialects.document import Document, site_at
from stagewright.dialects.opening import open_document
from stagewright.text.buffer import Position
from stagewright.text.code.languages import LANGUAGES, Language

GONE = {"a": {"mode": "chat", "end": "2026-01-05", "next": ["gpt-5"]}}
ENDING = {"a": {"mode": "chat", "end": "2027-01-05", "next": ["gpt-5"]}}
LIVES = {"a": {"mode": "chat"}}
OPENAI = without_key(
    "openai",
    knowledge=known(
        {"gpt-5": LIVES, "gpt-4-gone": GONE, "gpt-3-gone": GONE, "gpt-4-ending": ENDING}
        | {"text-embed-3": {"a": {"mode": "embedding"}}}
    ),
)
AZURE = without_key(
    "azure",
    knowledge=known({"gpt-4-gone": LIVES, "gpt-4-ending": LIVES, "open-1b": GONE, "open-2b": GONE}),
    askable=False,
)
TOGETHER = without_key("together", knowledge=known({"open-1b": LIVES, "open-2b": GONE}))
CLAUDE = provider("anthropic", "claude-opus-5", Model("claude-2.9", lifecycle=Lifecycle.RETIRED))
KNOWN = catalog(OPENAI, AZURE, CLAUDE, TOGETHER)


def opened(text: str, name: str = "a.py", by: Catalog = KNOWN) -> Document:
    document = open_document(dedent(text).lstrip("\n"), builtin("code"), name=name)
    document.recognize(by)
    return document


def said(text: str, name: str = "a.py", by: Catalog = KNOWN) -> list[tuple[int, str, str]]:
    """Line, code and severity of each diagnostic."""
    found = diagnose(opened(text, name, by), by, OPTIONS)
    return [(one.span.start.line, one.code, one.severity.value) for one in found]


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
def test_no_louder_than_it_is_sure(text: str, expected: tuple[str, str] | None) -> None:
    assert said(text) == ([(0, *expected)] if expected else [])


def test_a_model_of_a_live_list_is_that_provider_s() -> None:
    live = catalog(OPENAI, provider("groq", "gpt-3-gone"))
    assert said('x = "gpt-3-gone"', by=live) == []
    assert said('import openai\nx = "gpt-3-gone"', by=live) == [(1, "model-retired", "error")]


def test_a_new_catalogue_is_gone_by_at_once() -> None:
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 'gpt-3-gone'", "x = 'gpt-5'"),
        ('x = "openai/gpt-3-gone"', 'x = "openai/gpt-5"'),
        ('x = r"openai:gpt-3-gone"', 'x = r"openai:gpt-5"'),
    ],
)
def test_the_successor_is_written_as_it_was(text: str, expected: str) -> None:
    document = opened(text)
    [found] = diagnose(document, KNOWN, OPTIONS)
    fix = fixes(document, found, KNOWN, OPTIONS)[0]
    assert fix.title == "Use `gpt-5`, its successor"
    assert document.apply(fix.edits) == expected


@pytest.mark.parametrize(
    ("text", "model", "expected"),
    [
        ('model = "gpt-5"', "anthropic/claude-opus-5", 'model = "claude-opus-5"'),
        ('x = "openai:gpt-5"', "anthropic/claude-opus-5", 'x = "anthropic:claude-opus-5"'),
        ('x = "openai/gpt-5"', "gemini/gemini-9", 'x = "gemini/gemini-9"'),
        ('OPENAI_MODEL = "gpt-5"', "openai/gpt-6", 'OPENAI_MODEL = "gpt-6"'),
        ('OPENAI_MODEL = "gpt-5"', "anthropic/claude-opus-5", None),  # it asks OpenAI
        ('OpenAI(base_url=x, model="gpt-5")', "acme/m-1", 'OpenAI(base_url=x, model="m-1")'),
        ('model = "gpt-5"', 'acme/"; import os; "', None),
        ('x = "openai:gpt-5"', "acme/x", None),
    ],
)
def test_another_model_is_put_in_its_place(text: str, model: str, expected: str | None) -> None:
    document = opened(text)
    found = site_at(document, Position(0, text.index("gpt-5")))
    assert found is not None
    edits = set_site(document, found.entry, found.number, ModelReference.parse(model))
    assert (document.apply(edits) if edits else None) == expected


def test_all_places_of_a_model_are_replaced() -> None:
    document = opened('a = "gpt-5"\nb = "openai:gpt-5"  # gpt-5\nc = "a gpt-5"\n')
    edits = replace_model(
        document, ModelReference("openai", "gpt-5"), ModelReference("openai", "x-1")
    )
    assert document.apply([edit for each in edits for edit in each]) == (
        'a = "x-1"\nb = "openai:x-1"  # gpt-5\nc = "a gpt-5"\n'
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('MODELS = ("gpt-5", "gpt-5")', "MODELS"),
        ('x = f("a", "gpt-5")', ""),
        ('d = {"fast": "gpt-5"}', "fast"),
        ('d = {"fast": ["a", "gpt-5"]}', "fast"),
        ('os.getenv("MODEL", "gpt-5")', "MODEL"),
        ('c.options.model = "gpt-5"', "c.options.model"),
    ],
)
def test_a_place_is_called_by_the_name_left_of_it(text: str, place: str) -> None:
    assert {one.where for one in named_in(opened(text))} == {place}


def test_an_inventory_says_where_and_of_whom() -> None:
    text = 'OPENAI_MODEL = "gpt-5"\nx = f(["claude-opus-5"])\ndict(model="unheard-of-1")\n'
    rows = [(one.where, one.provider, one.model, one.silent) for one in named_in(opened(text))]
    assert rows == [
        ("OPENAI_MODEL", "openai", "gpt-5", ""),
        ("x", "anthropic", "claude-opus-5", ""),
    ]
    [away] = named_in(opened('OpenAI(base_url=y, model="gpt-5")'))
    assert (away.where, away.provider, away.silent) == ("model", None, "opaque")


def offered(marked: str, name: str = "a.py", by: Catalog = KNOWN) -> tuple[list[str], list[str]]:
    """The labels that are offered at `$0`, and the texts with the first of each put in."""
    before, _, after = marked.partition("$0")
    document = open_document(before + after, builtin("code"), name=name)
    lines = before.split("\n")
    answer = complete(document, Position(len(lines) - 1, len(lines[-1])), by, OPTIONS)
    return [one.label for one in answer.items], [
        document.apply((one.edit,)) for one in answer.items[:1]
    ]


LIVE = catalog(
    provider("openai", "gpt-5", "gpt-5-mini"),
    provider("anthropic", "claude-opus-5", retiring("claude-opus-4", "2026-11-30")),
    without_key("mistral", Model("mistral-large")),
)


@pytest.mark.parametrize(
    ("name", "marked", "first"),
    [
        ("a.py", 'model="$0"', 'model="gpt-5"'),
        ("a.py", "model='gpt$0'", "model='gpt-5'"),
        ("a.py", 'call(model="gpt$0', 'call(model="gpt-5'),
        ("a.py", 'call(model="gpt$0)', 'call(model="gpt-5)'),
        ("a.py", 'call(model="$0-old", x="y")', 'call(model="gpt-5", x="y")'),
        ("a.py", 'import anthropic\nmodel="$0"', 'import anthropic\nmodel="claude-opus-5"'),
        ("a.py", 'model="openai/$0"', 'model="openai/gpt-5"'),
        ("a.py", 'model="anthropic:cla$0"', 'model="anthropic:claude-opus-5"'),
        ("a.ts", "anthropic('$0')", "anthropic('claude-opus-5')"),
        ("a.ts", "f({ model: `$0` })", "f({ model: `gpt-5` })"),
        ("a.java", '@Value("${x.model:gp$0}") String a;', '@Value("${x.model:gpt-5}") String a;'),
        ("a.json", '{"model": "${MODEL:-gpt$0-old}"}', '{"model": "${MODEL:-gpt-5}"}'),
        ("a.py", 'run(["--model=gp$0"])', 'run(["--model=gpt-5"])'),
        ("a.py", 'run(["--model", "$0"])', 'run(["--model", "gpt-5"])'),
        ("a.py", 'f("--model", choices=["$0"])', 'f("--model", choices=["gpt-5"])'),
        ("a.rb", "MODELS = %w[a gp$0 b]", "MODELS = %w[a gpt-5 b]"),
        ("a.yaml", "command: llm --model gp$0 -v", "command: llm --model gpt-5 -v"),
        (".env", "OPENAI_MODEL=$0", "OPENAI_MODEL=gpt-5"),
        (".env", "OPENAI_MODEL=gp$0", "OPENAI_MODEL=gpt-5"),
        ("a.yaml", "model: $0", "model: gpt-5"),
        ("a.yaml", "- name: MODEL\n  value: $0", "- name: MODEL\n  value: gpt-5"),
        (
            "a.ipynb",
            '{"cells": [{"cell_type": "code", "source": ["m(model=\\"$0\\")"]}]}',
            '{"cells": [{"cell_type": "code", "source": ["m(model=\\"gpt-5\\")"]}]}',
        ),
    ],
)
def test_models_are_offered_where_the_left_side_asks_for_one(
    name: str, marked: str, first: str
) -> None:
    labels, texts = offered(marked, name, LIVE)
    assert texts == [first]
    assert "mistral-large" not in labels  # it has no key


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("a.py", 'name="$0"'),
        ("a.py", 'deployment="$0"'),
        ("a.py", '# model="$0"'),
        ("a.py", '"""model="$0" """'),
        ("a.py", 'model=$0""'),
        ("a.py", 'model="a b $0"'),
        ("a.py", 'f("--mode", choices=["$0"])'),
        ("a.java", '@Value("${x.mo$0del:gpt-5}") String a;'),
        ("a.yaml", "usage: llm --model gp$0 -v"),
        ("a.py", 'model=f"{x}$0"'),
        ("a.py", ""),
        ("a.yaml", "name: $0"),
        ("a.yaml", "run: |\n  model: $0"),
        (".env", "# MODEL=$0"),
    ],
)
def test_nothing_is_offered_elsewhere(name: str, marked: str) -> None:
    assert offered(marked, name, LIVE) == ([], [])


def test_without_any_key_what_is_known_is_offered() -> None:
    labels, _ = offered('model="$0"', by=catalog(without_key("mistral", Model("mistral-large"))))
    assert labels == ["mistral-large"]


def test_hover_tells_of_the_model() -> None:
    document = opened('x = "gpt-3-gone"')
    found = hover(document, Position(0, 8), KNOWN, OPTIONS)
    assert found is not None
    assert "2026-01-05" in found.markdown
    assert document.text_of(found.span) == "gpt-3-gone"
    assert hover(document, Position(0, 1), KNOWN, OPTIONS) is None


def test_hover_tells_who_else_has_it_where_nothing_shows_who_is_asked() -> None:
    for text, told in (('x = "gpt-4-gone"', True), ('OPENAI_MODEL = "gpt-4-gone"', False)):
        found = hover(opened(text), Position(0, len(text) - 2), KNOWN, OPTIONS)
        assert found is not None
        assert ("Also at: Azure." in found.markdown) is told


def test_hover_tells_why_nothing_is_said() -> None:
    found = hover(opened('OpenAI(base_url=x, model="gpt-5")'), Position(0, 28), KNOWN, OPTIONS)
    assert found is not None
    assert "another address" in found.markdown


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
