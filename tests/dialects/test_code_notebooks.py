"""Models in the cells of notebooks, in their kernel's language."""

from __future__ import annotations

import pytest
from tests.dialects.code_sites import found, lines_and_sites, opened

from stagewright.text.buffer import span_at


def test_columns_in_a_notebook_are_those_of_its_file() -> None:
    text = '{"cells": [{"cell_type": "code", "source": "\\tx = \\"\\u00e9\\"; y = \\"gpt-4o\\""}]}'
    document = opened(text, "a.ipynb")
    [site] = found(text, "a.ipynb")
    assert site.whole is not None
    assert document.text_of(site.whole.span) == "gpt-4o"


def notebook(code: str, metadata: str) -> str:
    cell = f'{{"cell_type": "code", "source": ["{code}"]}}'
    return f'{{"cells": [\n{cell}\n],\n"metadata": {{\n{metadata}\n}}}}'


RUST, IN_R = '"kernelspec": {"language": "rust"}', '"kernelspec": {"name": "ir", "language": "R"}'
SCRIPT = '"language_info": {"codemirror_mode": {"name": "ipython"}, "name": "typescript"}'


@pytest.mark.parametrize(
    ("metadata", "code", "count"),
    [
        ("", "x = 'gpt-4o'  # 'gpt-5'", 1),
        (SCRIPT, "const x = 'gpt-4o'; // 'gpt-5'", 1),
        (SCRIPT, "const x = `gpt-4o`;", 1),
        ('"kernelspec": {"language": "C#"}', 'var x = @\\"gpt-4o\\"; // \\"gpt-5\\"', 1),
        (RUST, "fn f<'a>(x: &'a str) { g(r#\\\"gpt-4o\\\"#) }", 1),
        (RUST, "# 'gpt-4o'", 0),
        (IN_R, "x <- 'gpt-4o' # 'gpt-5'", 1),
        (IN_R, "%m% f('gpt-4o')", 1),
        ('"kernelspec": {"language": "julia"}', 'f(model=\\"gpt-4o\\") // 2', 1),
    ],
)
def test_cells_are_read_in_their_kernel_s_language(metadata: str, code: str, count: int) -> None:
    assert len(found(notebook(code, metadata), "a.ipynb")) == count


def test_another_kernel_counts_at_once() -> None:
    document = opened(
        notebook("f() // 'gpt-4o'", '"kernelspec": {"language": "python"}'), "a.ipynb"
    )
    assert len(lines_and_sites(document)) == 1
    line = document.lines.index('"kernelspec": {"language": "python"}')
    document.edit(span_at(line, 28, line, 34), "javascript")
    assert document.lines[line] == '"kernelspec": {"language": "javascript"}'
    assert lines_and_sites(document) == []
