"""Which parts of a line of code are strings, and what goes on over its end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagewright.text.code.languages import GLOBS, LANGUAGES, Language, language_of
from stagewright.text.code.scan import PLAIN, may_last, scan


def strings(name: str, text: str) -> list[str]:
    """The strings that begin and end on one line, with no code in them."""
    language = language_of(name)
    assert language is not None
    found, state = [], PLAIN
    for line in text.split("\n"):
        tokens, state = scan(line, state, language)
        found += [line[one.start : one.end] for one in tokens if one.is_whole and one.is_closed]
    return found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", "a = 'b' + \"c\"  # 'd'", ["b", "c"]),
        ("a.py", "a = r'b\\' 'c\nd = b\"e\"", ["b\\' ", "e"]),
        ("a.py", '"""\n"a"\n""" + "b"', ["b"]),
        ("a.py", 'f"{a["b"]} c" + f"{{d}}" + "e"', ["b", "{{d}}", "e"]),
        ("a.py", "'a\\\nb' + 'c'", ["c"]),
        ("a.js", "a = /[\"'`]/g; b = 'c' // 'd'", ["c"]),
        ("a.js", "a = b / c; d = 'e' / 2", ["e"]),
        ("a.js", "a = () => /[`]/;\nyield /`/\nb => c / 2 + 'd' / 3", ["d"]),
        ("a.js", "if (a) /\"b\"/.test('c')", ["c"]),
        ("a.ts", '`a ${b ? `c` : "d"} e` + "f"', ["c", "d", "f"]),
        ("a.ts", '`${a.map(b => `\n"c"\n`)}` + "d"', ["d"]),
        ("a.ts", '/* "a"\n"b" */ "c"', ["c"]),
        ("a.tsx", "<p>Don't</p>\nconst a = 'b'", ["b"]),
        ("a.tsx", "f(<p>Don't</p>, 'a'); g(<b>the users' `x</b>, 'b')\n'c'", ["a", "b", "c"]),
        ("a.tsx", "<p>\n  a or b, a ` c\n</p>\nf('d')\n<code>`</code> 'e'", ["d", "e"]),
        ("a.tsx", "return <p>don't {'a'} it's {f(`b`)}</p>", ["a", "b"]),
        ("a.js", "a = css `\n'b'\n`\nreturn gql `\n'c'\n` + 'd'\ncss `\n'e'\n`", ["d"]),
        ("a.ts", "a.innerHTML = `<b>\n'c'</b>`;\nf('d')", ["d"]),
        ("a.ts", "return html`<p>\n'c'</p>`;\nf('d')", ["d"]),
        ("a.ts", "f(\n  user, `Hello\n'c'`, 'd')", ["d"]),
        ("a.ts", "const f = (n) => `<p>\n'c'</p>`;\nf('d')", ["d"]),
        ("a.ts", "  db.sql `\n'c'`;\nf('d')", ["d"]),
        ("a.js", "switch(a){case'b':return'c'}for(d of'e')f", ["b", "c", "e"]),
        ("a.go", 'a := `b\n"c"` + "d" + string(\'"\')', ["d"]),
        ("a.java", 'char a = \'"\'; String b = "c\\"d";\n"""\n"e"\n""" + "f"', ['c\\"d', "f"]),
        ("a.kt", '"${a("b")}" + "c" /* /* "d" */ "e" */ + "f"', ["b", "c", "f"]),
        ("a.scala", 's"${a("b")}" + "c" + \'"\' + \'x', ["b", "c"]),
        (
            "a.cs",
            '@"a ""b"" \\" + "c" + $"{d["e"]}" + """f "g" """',
            ['a ""b"" \\', "c", "e", 'f "g" '],
        ),
        ("a.rb", 'a = "#{b["c"]}"; d = %q(e "f") + \'g\'', ["c", 'e "f"', "g"]),
        ("a.rb", "a = <<~EOS\n'b'\nEOS\n'c'\n=begin\n'd'\n=end\n'e'\n__END__\n'f'", ["c", "e"]),
        ("a.rs", 'fn a<\'a>(b: &\'a str) { \'"\'; r#"c "d" e"#; "f" }', ['c "d" e', "f"]),
        ("a.php", "<?php $a = 'b'; // 'c'\n$d = <<<EOT\n'e'\nEOT;\n$f = \"g\"; # 'h'", ["b", "g"]),
        ("a.php", "<?php f(<<<EOT\n'a'\n  EOT . 'b');\n$c = 'd';", ["b", "d"]),
        (
            "a.php",
            "<?php f('a') ?> <p>don't</p>\n'b' isn't\n<?= 'c' ?> \"d\" <?php 'e' ?>",
            ["a", "c", "e"],
        ),
        ("a.php", "<?php // it's ?> <i>'a'</i> <?php f('b') # ?> 'c' <? 'd'", ["b", "d"]),
        ("a.php", "?>\n<a b=\"c\" d='e'>\"f\" <!-- <?= 'g' ?>\n'h' --><?= 'i'", ["c", "e", "i"]),
        (
            "a.php",
            "?>\n<script>\nconst a = 'b';\nf({ c: 'd' });\ne: 'g'\n</script>",
            ["b", "d", "g"],
        ),
        ("a.php", "?><?xml a=\"b\" ?><?php 'c' ?>/* 'd'\n<?php 'e'", ["b", "c", "e"]),
        ("a.swift", 'let a = "\\(b["c"]) d" + #"e "f""# + "g"', ["c", 'e "f"', "g"]),
        (
            "a.sh",
            "a \"$(b \"c\")\" 'd' # 'e'\ncat <<EOF\n'f'\nEOF\necho it\\'s 'g'",
            ["c", "d", "g"],
        ),
        ("a.sh", "a=${#b} 'c'; d=\"e\n'f'\n\" 'g'", ["c", "g"]),
        ("a.sh", "cat <<-'X Y'\n'a'\n\tX Y\necho 'b'", ["b"]),
        ("a.sh", "cat <<END-OF\n'a'\nEND-OF\ncat <<\"-\"\n'b'\n-\necho 'c'", ["c"]),
        ("a.rb", "a = <<~sql\n'b'\nsql\nc = <<-'x y'\n'd'\n x y\nz = 'e'", ["e"]),
        ("a.ps1", '$a = @"\n"b"\n"@\n$c = "d`"e" <# "f" #>', ['d`"e']),
        ("a.yaml", "a: don't 'b'\nc: 'd'' e' # 'f'\ng: |\n  'h'\ni: \"j\"", ["b", "d'' e", "j"]),
        ("a.toml", "a = 'b' # 'c'\nd = '''\n'e'\n'''\nf = \"g\"", ["b", "g"]),
        ("a.vue", "<!-- 'a' -->\n<b c=\"d\"/>\nconst e = 'f'", ["d", "f"]),
    ],
)
def test_strings_of_each_language(name: str, text: str, found: list[str]) -> None:
    assert [one for one in strings(name, text) if one] == found


@pytest.mark.parametrize(
    "name", ["a.py", "a.js", "a.java", "a.kt", "a.cs", "a.rb", "a.php", "a.go"]
)
def test_what_is_wrong_on_one_line_is_right_again_on_the_next(name: str) -> None:
    assert strings(name, 'a = "b\nc = "d"')[-1:] == ["d"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("src/a.py", "python"),
        ("C:\\src\\A.PY", "python"),
        (".env", "dotenv"),
        ("x/.env.production", "dotenv"),
        ("prod.env", "dotenv"),
        ("Dockerfile", "dockerfile"),
        ("api.Dockerfile", "dockerfile"),
        ("Containerfile", "dockerfile"),
        ("a.min.d.ts", "javascript"),
        ("app.config.yaml", "yaml"),
        ("README.md", None),
        ("Makefile", None),
        ("", None),
    ],
)
def test_languages_by_name(path: str, name: str | None) -> None:
    language = language_of(path)
    assert (language.name if language else None) == name


def test_each_glob_is_of_one_language() -> None:
    assert len(GLOBS) == len(set(GLOBS))


SIGNS = "\"'`/*#{}()$@\\<>-=|:%r fbEOS\t;&[]a\n"


@given(st.sampled_from(LANGUAGES), st.text(SIGNS, max_size=80))
@settings(max_examples=400)
def test_no_text_raises_and_tokens_lie_in_their_line(language: Language, text: str) -> None:
    state = PLAIN
    for line in text.split("\n"):
        before = state
        tokens, state = scan(line, state, language)
        at = 0
        for one in tokens:
            assert at <= one.begins <= one.start <= one.end <= one.over <= len(line) or (
                one.begins <= at <= one.over
            )
            at = max(at, one.over)
        if before == PLAIN and state != PLAIN:
            assert may_last(line, language) or line.endswith("\\")
