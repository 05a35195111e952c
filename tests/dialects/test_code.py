"""Which literals of source code name models, by what stands around them, and whose these are."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.support import catalog, provider, without_key
from tests.catalog.knowing import known

from stagewright.catalog.catalog import Catalog
from stagewright.dialects.code.document import CodeDocument, CodeSite
from stagewright.dialects.code.hints import asks, provider_in
from stagewright.dialects.dialect import builtin
from stagewright.dialects.document import sites
from stagewright.dialects.opening import open_document
from stagewright.text.buffer import Position, Span, span_at
from stagewright.text.code.languages import GLOBS

CODE = builtin("code")
KNOWN = catalog(
    without_key(
        "openai",
        knowledge=known(
            {key: {"a": {}} for key in ["gpt-4o", "gpt-4o-mini", "o3", "ada", "gpt-5"]}
        ),
    ),
    without_key(
        "anthropic", knowledge=known({key: {"a": {}} for key in ["claude-2.1", "claude-opus-4-5"]})
    ),
    without_key("gemini", knowledge=known({"gemini-2.5-pro": {"a": {}}})),
    without_key("vertex", knowledge=known({"gemini-2.5-pro": {"a": {}}})),
    without_key("cohere", knowledge=known({"command": {"a": {}}, "command-r": {"a": {}}})),
    without_key("azure", knowledge=known({"gpt-4o": {"a": {}}})),
    without_key("bedrock", knowledge=known({"anthropic.claude-v2:1": {"a": {}}})),
    without_key(
        "openrouter",
        knowledge=known({key: {"a": {}} for key in ["openai/gpt-4o", "anthropic/claude-2.1"]}),
    ),
    without_key("together", knowledge=known({"meta-llama/Llama-3-70b": {"a": {}}})),
    provider("groq", "llama-3.1-8b-instant"),
    provider("ollama", "phi3:3.8b", "gpt-oss:20b"),
)


def opened(text: str, name: str = "a.py", known_as: Catalog = KNOWN) -> CodeDocument:
    document = open_document(text, CODE, name=name)
    assert isinstance(document, CodeDocument)
    document.recognize(known_as)
    return document


def found(text: str, name: str = "a.py") -> list[CodeSite]:
    return [one for _, one in sites(opened(text, name)) if isinstance(one, CodeSite)]


def named(text: str, name: str = "a.py") -> list[str]:
    """`provider/model` of each, with `?` where its file does not show whose it is, and `-` where it
    is sent elsewhere."""
    return [
        "-" if one.reference is None else f"{one.reference}{'' if one.is_shown else '?'}"
        for one in found(text, name)
    ]


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


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.py", 'call(model="ada")'),
        ("a.py", "d = {'model': 'ada'}"),
        ("a.py", 'd["model"] = "ada"'),
        ("a.py", 'self.model = "ada"'),
        ("a.py", 'model: str = "ada"'),
        ("a.py", 'MODEL: Final[str | None] = "ada"'),
        ("a.py", 'def f(text: str, *, model: str = "ada"):'),
        ("a.py", 'os.environ.get("OPENAI_MODEL", "ada")'),
        ("a.py", "os.getenv('MODEL', 'ada')"),
        ("a.py", 'x = os.getenv("MODEL") or "ada"'),
        ("a.py", 'model: str = Field(default="ada")'),
        ("a.py", 'p.add_argument("--model", default="ada")'),
        ("a.py", 'p.add_argument(\n    "--model",\n    default="ada",\n)'),
        ("a.py", 'model=(\n    "ada"\n)'),
        ("a.py", 'MODELS = ["ada"]'),
        ("a.py", 'if x: model = "ada"'),
        ("a.py", 'if model == "ada":'),
        ("a.py", 'setattr(config, "model", "ada")'),
        ("a.ts", 'f({ model: "ada" })'),
        ("a.ts", "f({ 'model': `ada` })"),
        ("a.ts", 'const model: string = "ada";'),
        ("a.ts", 'process.env.OPENAI_MODEL ?? "ada"'),
        ("a.ts", 'process.env["MODEL"] || "ada"'),
        ("a.ts", 'const [model, setModel] = useState<string>("ada");'),
        ("a.ts", "model:\n  'ada',"),
        ("a.ts", 'setModel("ada")'),
        ("a.ts", 'case 1: modelId = "ada"; break;'),
        ("a.go", 'model := "ada"'),
        ("a.go", 'Model: openai.String("ada"),'),
        ("a.go", 'const Model string = "ada"'),
        ("a.go", 'default: model = "ada"'),
        ("a.java", 'builder.model("ada")'),
        ("a.java", 'request.setModel("ada");'),
        ("a.java", 'String model = "ada";'),
        ("a.java", 'map.put("model", "ada");'),
        ("a.kt", 'const val MODEL = "ada"'),
        ("a.kt", 'ModelId("ada")'),
        ("a.cs", 'string Model { get; set; } = "ada";'),
        ("a.cs", '["model"] = "ada",'),
        ("a.cs", 'const string DefaultModel = "ada";'),
        ("a.rb", ':model => "ada"'),
        ("a.rb", "ENV.fetch('MODEL', 'ada')"),
        ("a.rs", '.model("ada")'),
        ("a.rs", 'let model: &str = "ada";'),
        ("a.rs", 'args.model.unwrap_or("ada".into())'),
        ("a.rs", 'std::env::var("MODEL").unwrap_or("ada".into())'),
        ("a.php", "'model' => 'ada',"),
        ("a.php", "$this->model = 'ada';"),
        ("a.php", "env('OPENAI_MODEL', 'ada')"),
        ("a.swift", 'let model = "ada"'),
        ("a.scala", 'val model: String = "ada"'),
        ("a.sh", "export OPENAI_MODEL=ada"),
        ("a.sh", 'M="${MODEL:-ada}"'),
        ("a.sh", "llm --model ada hi"),
        ("a.ps1", "$env:OPENAI_MODEL = 'ada'"),
        ("a.ps1", 'Invoke-Llm -Model "ada"'),
        (".env", "OPENAI_MODEL=ada"),
        (".env", 'export MODEL="ada"  # why'),
        ("a.ini", "model = ada"),
        ("a.properties", "app.model=ada"),
        ("a.properties", "app.model ada"),
        ("Dockerfile", "ENV A=b MODEL=ada"),
        ("Dockerfile", "ENV MODEL ada"),
        ("Dockerfile", "ARG MODEL=ada"),
        ("a.yaml", "environment:\n  MODEL: ada"),
        ("a.yaml", "environment:\n  - MODEL=ada"),
        ("a.yaml", "env:\n  - name: OPENAI_MODEL\n    value: ada"),
        ("a.yaml", 'env: [{ name: MODEL, value: "ada" }]'),
        ("a.yaml", "model: ${MODEL:ada}"),
        ("a.toml", "[llm]\nmodel = 'ada'"),
        ("a.json", '{"llm": {"model": "ada"}}'),
        ("a.ipynb", '{"cells": [{"cell_type": "code", "source": ["m(model=\\"ada\\")\\n"]}]}'),
        ("a.py", 'p.add_argument("-m", "--model", choices=["ada"])'),
        (
            "a.py",
            'p.add_argument(\n    "--model",\n    help="which",\n    choices=("b", "ada"),\n)',
        ),
        ("a.py", '@click.option("--model", type=click.Choice(["b", "ada"]))'),
        ("a.py", 'def f(model: Literal["b", "ada"], kind: Literal["command"]):'),
        ("a.py", 'model: Optional[t.Literal["ada"]] = None'),
        ("a.py", 'Model = Literal["ada"]'),
        ("a.ts", 'z.object({ mode: z.enum(["command"]), model: z.enum(["b", "ada"]) })'),
        ("a.ts", 'type Model = "b" | "ada";'),
        ("a.ts", "f(model?: 'b' | 'ada', mode: 'command' | 'b')"),
        ("a.ts", 'new Option("--model <id>", "Which").choices(["b", "ada"])'),
        ("a.ts", '.option("model", { alias: "m", choices: ["ada"] })'),
        ("a.json", '{"mode": {"enum": ["command"]}, "model": {"enum": ["b", "ada"]}}'),
        ("a.rb", "MODELS = %w[b ada].freeze"),
        ("a.rb", "f(models: %W(ada b))"),
        ("a.java", '@Value("${app.model:ada}")'),
        ("a.kt", '@Value("\\${app.model:ada}")'),
        ("a.scala", '@Value("${app.chat-model:ada}")'),
        ("a.json", '{"a": "${MODEL:-ada}"}'),
        ("a.toml", "a = '${MODEL:-ada}'"),
        ("a.py", 'run(["llm", "--model", "ada"])'),
        ("a.py", 'run(["llm", "--model=ada"])'),
        ("a.py", 'run([\n    "llm",\n    "--model",\n    "ada",\n])'),
        ("a.go", 'exec.Command("llm", "--model", "ada")'),
        ("a.json", '{"args": ["--model", "ada"]}'),
        ("a.json", '{"args": [\n"--model=ada"\n]}'),
        ("a.sh", 'llm "--model=ada"'),
        ("a.yaml", "command: llm --port 80 --model ada -v"),
        ("a.yaml", "command: 'llm --model=ada'"),
        ("a.yaml", 'postStartCommand: sh -c "llm --model ada"'),
        ("a.yaml", "before_script: llm --model ada"),
        ("a.yaml", "args: [--model, ada]"),
        ("a.yaml", 'args: ["--model", "ada"]'),
        ("a.yaml", 'args: ["--model=ada", "-v"]'),
        ("a.yaml", "args:\n  - --model\n  - ada"),
        ("a.yaml", 'args:\n  - "--model"\n  - "ada"'),
        ("a.yaml", "args:\n  - --model=ada"),
        ("a.yaml", "args:\n  - '--model=ada'"),
        ("Dockerfile", 'CMD ["llm", "--model", "ada"]'),
        ("Dockerfile", 'ENTRYPOINT ["llm", "--model=ada"]'),
        ("Dockerfile", "CMD llm --model ada"),
        ("Dockerfile", "RUN llm \\\n  --model=ada \\\n  -v"),
    ],
)
def test_a_word_is_a_model_where_the_name_left_of_it_says_so(name: str, line: str) -> None:
    [site] = found(line, name)
    document = opened(line, name)
    assert site.whole is not None
    [entry] = [index for index in document.parts() if document.sites(index)]
    span = site.whole.span.shifted(document.entry_line(entry))
    assert document.text_of(span) == site.whole.value == "ada"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.py", 'name="ada"'),
        ("a.py", 'x = ["command", "ada"]'),
        ("a.py", 'deployment_model="gpt-4o"'),
        ("a.py", 'AzureOpenAI(azure_deployment="gpt-4o")'),
        ("a.py", '"""model="gpt-4o" """'),
        ("a.py", '"""gpt-4o"""'),
        ("a.py", "'gpt-4o'\n\nimport os"),
        ("a.py", 'import os\n\n"gpt-4o"  # of old'),
        ("a.py", "def f(model):\n    'gpt-4o'\n    return model"),
        ("a.py", 'class A:  # b\n    r"gpt-4o"'),
        ("a.py", "async def f(\n    a,\n) -> str:\n    'gpt-4o'"),
        ("a.py", 'x = "see gpt-4o"'),
        ("a.py", 'x = f"{a}-gpt-4o"'),
        ("a.py", 'x = "models/gpt-4o.bin"'),
        ("a.py", 'model = "gpt-4o" "-32k"'),
        ("a.py", 'model = "gpt-4o" + "-32k"'),
        ("a.py", 'f(model=("gpt-4o" + suffix))'),
        ("a.py", 'model = "new-" r"gpt-4o"'),
        ("a.php", "$model = 'new-'.'gpt-4o';"),
        ("a.sh", "model='gpt-4o''-32k'"),
        ("a.java", 'model = "gpt-4o" + VERSION;'),
        ("a.py", 'model = "gpt-4o" f"{version}"'),
        ("a.rb", "model = 'gpt-4o' \"-32k\""),
        ("a.ts", "const model = `gpt-4o` + x;"),
        ("a.ts", "const model = 'gpt-4o'.concat(x);"),
        ("a.php", "$model = 'gpt-4o' . $suffix;"),
        ("a.rs", 'let model = "gpt-4o".to_string() + x;'),
        ("a.sh", 'model="gpt-4o"$SUFFIX'),
        ("a.ps1", '$model = "gpt-4o" + $x'),
        ("a.ipynb", '{"cells": [{"cell_type": "code", "source": ["model = \'gpt-4o\' + x"]}]}'),
        ("a.py", 'model = (\n    "gpt-4o"\n    "-32k"\n)'),
        ("a.py", 'model = ("gpt-4o"  # b\n         f"-{c}")'),
        ("a.py", "model = 'my-' \\\n    'gpt-4o'"),
        ("a.py", 'model = "gpt-4o" + \\\n    "-32k"'),
        ("a.py", "model = (\n    'my-'\n    'gpt-4o'\n)"),
        ("a.ts", 'const model = "gpt-4o" +\n  "-32k";'),
        ("a.ts", 'const model = "gpt-4o"\n  + suffix;'),
        ("a.ts", "const model = 'my-' +\n  'gpt-4o';"),
        ("a.java", 'String model = "gpt-4o"\n    .concat(version);'),
        ("a.go", 'model := "my-" +\n\t"gpt-4o"'),
        ("a.rb", "model = 'gpt-4o' \\\n  '-32k'"),
        ("a.php", "$model = 'gpt-4o' .\n  '-32k';"),
        ("a.php", "$model = 'my-'\n  . 'gpt-4o';"),
        ("a.kt", 'val model = "gpt-4o" +\n    version'),
        ("a.py", 'model = get_model("shop", "Order")'),
        ("a.py", 'model = "auth.User"'),
        ("a.py", 'from openai import x\nmodel = "resnet-50"'),
        ("a.py", 'model="sk-proj-gpt-4oAbCdEf0123456789xyz"'),
        ("a.ts", 'import a from "gpt-4o"'),
        ("a.ts", "const a = require('./gpt-4o')"),
        ("a.ts", "x = `gpt-4o ${a}`"),
        ("a.ts", "// 'gpt-4o'"),
        ("a.php", "<?php f() ?>\n<p>Ask 'gpt-4o'</p>"),
        ("a.php", "<p>Ask 'gpt-4o'</p>"),
        ("a.php", "<?php f() ?>\n<p>\nAsk 'gpt-4o' or\n\"gpt-4o-mini\"\n</p>"),
        ("a.rb", "require 'gpt-4o'"),
        ("a.sh", "cat <<EOF\nMODEL=gpt-4o\nEOF"),
        ("a.yaml", "run: |\n  MODEL=gpt-4o"),
        ("a.yaml", "env:\n  - name: AZURE_DEPLOYMENT\n    value: gpt-4o"),
        ("a.yaml", "image: acme/gpt-4o:1"),
        ("a.yaml", "description: Use --model gpt-4o or --model=gpt-4o-mini."),
        ("a.yaml", "- Pass --model gpt-4o"),
        ("a.yaml", "transcript: we ran it with --model gpt-4o"),
        ("a.yaml", "postscript: Pass --model gpt-4o"),
        ("a.yaml", "# command: --model gpt-4o\ncommand: llm # --model gpt-4o"),
        ("a.yaml", "command: vllm serve x --served-model-name gpt-4o"),
        ("a.yaml", 'args: ["--served-model-name", "gpt-4o"]'),
        ("a.yaml", "args:\n  - --served-model-name\n  - gpt-4o"),
        ("Dockerfile", 'LABEL usage="Pass --model gpt-4o"'),
        ("a.py", 'p.add_argument("--mode", help="model", choices=["command", "ada"])'),
        ("a.py", 'p.add_argument(\n    "--mode",\n    choices=["command"],\n)'),
        ("a.json", '{"model": {"type": "string"}, "mode": {"enum": ["command"]}}'),
        ("a.py", 'x = "Pass --model=gpt-4o"'),
        ("a.java", '// @Value("${app.model:gpt-4o}")'),
        ("a.java", '@Value("${app.model}")'),
        ("a.rb", "x = %i[gpt-4o]\ny = %q[a gpt-4o]\nz = %w[ada o3]"),
        ("a.ipynb", '{"cells": [{"cell_type": "markdown", "source": ["\'gpt-4o\'"]}]}'),
        ("a.ipynb", '{"cells": [{"cell_type": "code", "outputs": ["\'gpt-4o\'"]}]}'),
        ("a.py", 'x = "phi3:3.8b"'),  # from a list of one's own machine
    ],
)
def test_what_is_no_model(name: str, line: str) -> None:
    assert named(line, name) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.py", 'models = ["gpt-4o"] + others'),
        ("a.py", 'x = count("gpt-4o") + 1'),
        ("a.py", 'x += "gpt-4o",'),
        ("a.py", 'x = prefix + "gpt-4o"'),
        ("a.py", 'x = "model: " + "gpt-4o" + " or"'),
        ("a.java", 'x = "{\\"model\\": \\"" + "gpt-4o" + "\\"}";'),
        ("a.py", 'x = "Use:\\n" "gpt-4o"'),
        ("a.go", 'x := "openai/" + "gpt-4o"'),
        ("a.py", 'x = "gpt-4o" if "a" else y + "b"'),
        ("a.rb", "x = 'gpt-4o'.freeze"),
        ("a.sh", 'llm "gpt-4o" "b"'),
        ("a.sh", 'x=${MODEL:-"gpt-4o"}'),
        ("a.tsx", '<A b="c" model="gpt-4o" d="e" />'),
        ("a.js", "x = y ? 'gpt-4o' : 'a' + b"),
        ("a.php", "$x = ['gpt-4o', $a . 'b'];"),
        ("a.py", 'x = "gpt-4o"\n"""Which."""'),
        ("a.py", 'x = "gpt-4o"\n"which"'),
        ("a.py", 'x = [\n    "gpt-4o"\n]'),
        ("a.py", 'x = [\n"gpt-4o"\n]'),
        ("a.py", 'x = {\n    "a":\n        "gpt-4o"\n}'),
        ("a.py", 'x = (\n    "Use "\n    "gpt-4o"\n    " or"\n)'),
        ("a.py", 'if a:\n    x = "gpt-4o"\nelse:\n    "b"'),
        ("a.ts", "const a = 'gpt-4o'\n'use b'"),
        ("a.ts", "const a = 'gpt-4o'\n  .trim()"),
        ("a.ts", "a = ['b' + c,\n  'gpt-4o',\n  'd' + e]"),
        ("a.rb", "a = 'b'\nc = ['gpt-4o'\n]"),
        ("a.rb", "def a\n  'gpt-4o'\nend"),
        ("a.sh", "a='b'\nc='gpt-4o'\nd='e'"),
        ("a.sh", 'llm \\\n  --model "gpt-4o" \\\n  --port 80'),
        ("a.sh", "llm \\\n  'gpt-4o' \\\n  'b' \\\n  $C"),
        ("Dockerfile", 'ENV A="gpt-4o" \\\n    B="c"'),
        ("a.ps1", "$a = 'gpt-4o'\n$b = 'c'"),
        ("a.cs", 'var a = new ServedModelHandler(Served.Create("gpt-4o"));'),
        ("a.yaml", 'a: "gpt-4o"\nb: "c"'),
        ("a.php", "<p>don't</p> <?php f('gpt-4o') ?> <p>it's</p>"),
        ("a.php", "<?php\n// the \"best\".\n'gpt-4o',"),
        ("a.py", 'MODELS = [\n# like "gpt-4"\n    "gpt-4o",\n]'),
        ("a.py", 'MODELS = [\n    #"gpt-4"\n    "gpt-4o",\n]'),
        ("a.php", "<?php a() ?> don't <?= f('gpt-4o') ?>"),
        ("a.php", "<html>\n<p>http://a.b/* don't\n<?php f('gpt-4o') ?>"),
        ("a.php", "<?php a() ?>\n<option value=\"gpt-4o\">'gpt-4o'</option>"),
    ],
)
def test_what_stands_beside_joined_strings_is_one(name: str, line: str) -> None:
    assert len(named(line, name)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('x = "gpt-4o"', ["openai/gpt-4o?"]),
        ('OPENAI_MODEL = "gpt-4o"', ["openai/gpt-4o"]),
        ('import openai\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('from google import genai\nx = "gemini-2.5-pro"', ["gemini/gemini-2.5-pro"]),
        ('import vertexai\nx = "gemini-2.5-pro"', ["vertex/gemini-2.5-pro"]),
        ('x = "gemini-2.5-pro"', ["gemini/gemini-2.5-pro?"]),
        ('x = "models/gemini-2.5-pro"', ["gemini/models/gemini-2.5-pro?"]),
        ('cohere("command-r")', ["cohere/command-r"]),
        ('x = "llama-3.1-8b-instant"', ["groq/llama-3.1-8b-instant?"]),
        ('model = "phi3:3.8b"', ["ollama/phi3:3.8b?"]),
        ('x = "openai:gpt-4o"', ["openai/gpt-4o"]),
        ('x = "anthropic/claude-opus-4-5"', ["anthropic/claude-opus-4-5"]),
        ('x = "openai/gpt-4o"', ["openai/gpt-4o?"]),
        (
            'base_url="https://openrouter.ai/api/v1"\nx = "openai/gpt-4o"',
            ["openrouter/openai/gpt-4o"],
        ),
        ('model = "openrouter/openai/gpt-4o"', ["openrouter/openai/gpt-4o"]),
        ('x = "anthropic.claude-v2:1"', ["bedrock/anthropic.claude-v2:1?"]),
        ('x = "us.anthropic.claude-v2:1"', ["bedrock/us.anthropic.claude-v2:1?"]),
        ('import anthropic\nimport openai\nx = "claude-2.1"', ["anthropic/claude-2.1"]),
        ('import openai, anthropic\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('import openai, anthropic\nx = "claude-2.1"', ["anthropic/claude-2.1"]),
        ('import openai; import anthropic\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('import anthropic as a, openai as b\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('from lib.llms import OpenAI, Anthropic\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('a = require("openai"), b = require("anthropic")\nx = "gpt-4o"', ["openai/gpt-4o"]),
        (
            'from vertexai.generative_models import Part, GenerativeModel\nx = "gemini-2.5-pro"',
            ["vertex/gemini-2.5-pro"],
        ),
        ('import anthropic\nmodel = "claude-next-9"', ["anthropic/claude-next-9"]),
        ('model = "claude-next-9"', []),
        ('OpenAI(base_url="http://localhost:1234/v1")\nx = "gpt-4o"', ["-"]),
        ('OpenAI(base_url=url)\nx = "gpt-4o"', ["-"]),
        ('# OpenAI(base_url=url)\nx = "gpt-4o"', ["openai/gpt-4o?"]),
        ('OpenAI(base_url=None)\nx = "gpt-4o"', ["openai/gpt-4o?"]),
        ('OpenAI(base_url="https://api.openai.com/v1")\nx = "gpt-4o"', ["openai/gpt-4o"]),
        ('c = AzureOpenAI()\nc.create(model="gpt-4o")', ["-"]),
        ('c = AnthropicBedrock()\nc.create(model="claude-2.1")', ["-"]),
        ('model = "azure/gpt-4o"', ["-"]),
        ('from transformers import x\ny = "meta-llama/Llama-3-70b"', ["-"]),
        ('x = "meta-llama/Llama-3-70b"', ["together/meta-llama/Llama-3-70b?"]),
        ('x = ["--model=openai/gpt-4o"]', ["openai/gpt-4o?"]),
    ],
)
def test_whose_model_it_is(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "image: vllm/vllm-openai\ncommand: --model meta-llama/Llama-3-70b"),
        ("a.yaml", "args:\n  - --model\n  - meta-llama/Llama-3-70b\nimage: lmsysorg/sglang:1"),
        ("Dockerfile", "CMD python -m vllm.server --model meta-llama/Llama-3-70b"),
        ("a.yaml", "image: kserve/huggingfaceserver\nargs:\n  - --model_name=gpt-4o"),
        ("a.yaml", "args:\n  - --backend=vllm\n  - --model\n  - gpt-4o"),
        ("a.yaml", 'args: ["--model=gpt-4o", "--backend=vllm"]'),
        ("a.sh", "text-generation-launcher --model-id meta-llama/Llama-3-70b"),
    ],
)
def test_what_a_server_of_one_s_own_is_given_is_its_own(name: str, text: str) -> None:
    assert named(text, name) == ["-"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sh", "llm --model gpt-4o  # vllm"),
        ("a.yaml", 'image: litellm  # was vllm\ncommand: ["--model", "gpt-4o"]'),
        ("a.yaml", "# not vllm\ncommand: --model gpt-4o"),
    ],
)
def test_a_comment_names_no_server(name: str, text: str) -> None:
    assert named(text, name) == named(text.replace("vllm", ""), name) != ["-"]


def test_an_import_within_a_text_is_none() -> None:
    text = 'x = "gpt-4o"\nname: MODEL\n"""\nimport openai\n"""'
    document = opened(text)
    document.edit(None, text)
    document.edit(span_at(1, 0, 1, 0), "- ")
    fresh = opened(document.text)
    assert document.facts == fresh.facts
    assert not fresh.facts.uses


def test_settings_of_a_program_send_only_what_they_name_elsewhere() -> None:
    assert named("BASE_URL=https://shop.example\nOPENAI_MODEL=gpt-4o", ".env") == ["openai/gpt-4o"]
    assert named("OPENAI_BASE_URL=https://x.example\nOPENAI_MODEL=gpt-4o", ".env") == ["-"]
    text = "OPENAI_BASE_URL=https://x.example\nANTHROPIC_MODEL=claude-2.1"
    assert named(text, ".env") == ["anthropic/claude-2.1"]


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


def test_another_kernel_is_gone_by_at_once() -> None:
    document = opened(
        notebook("f() // 'gpt-4o'", '"kernelspec": {"language": "python"}'), "a.ipynb"
    )
    assert len(lines_and_sites(document)) == 1
    line = document.lines.index('"kernelspec": {"language": "python"}')
    document.edit(span_at(line, 28, line, 34), "javascript")
    assert document.lines[line] == '"kernelspec": {"language": "javascript"}'
    assert lines_and_sites(document) == []


def lines_and_sites(document: CodeDocument) -> list[tuple[int, CodeSite]]:
    return [
        (document.entry_line(index), site)
        for index in document.parts()
        for site in document.sites(index)
    ]


LINES = (
    *('m = "gpt-4o"', "model = 'ada'", '"""', "x = '''a", "'''", "# c", "/* a", "*/ 'gpt-4o'", "`"),
    *("import openai", "OpenAI(base_url=url)", '"--model",', 'default="ada",', ")", "model:", "\\"),
    *("- name: MODEL", "  value: ada", "k: |", "  model: gpt-4o", "MODEL=gpt-4o", "cat <<EOF"),
    *("<p>", "<?php", "?>", "def f():", '"gpt-4o"', '"-32k"', "+ 'b'", "'a' +", "'b' \\"),
    *("EOF", "", '"cells": [', '{"cell_type": "code", "source": [', "\"x = 'gpt-4o'\\n\"", "]}"),
)
NAMES = (
    "a.py",
    "a.ts",
    "a.rb",
    "a.sh",
    "a.yaml",
    "a.ipynb",
    "a.properties",
    "a.rs",
    ".env",
    "a.php",
)


def test_what_asks_above_an_edited_line_is_read_again() -> None:
    """It was passed over while nothing below it could name a model."""
    document = opened('"--model",\n', "a.py")
    document.count()
    document.edit(Span(Position(1, 0), Position(1, 0)), 'default="ada",')
    assert [str(site.reference) for _, site in lines_and_sites(document)] == ["openai/ada"]


@given(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from(LINES), max_size=12),
    st.lists(
        st.tuples(
            st.integers(0, 12),
            st.integers(0, 9),
            st.integers(0, 3),
            st.integers(0, 9),
            st.lists(st.sampled_from(LINES), max_size=3).map("\n".join)
            | st.text("\"'`a=\n", max_size=3),
        ),
        max_size=5,
    ),
)
@settings(max_examples=300, deadline=None)
def test_an_edited_document_is_its_text(
    name: str, lines: list[str], edits: list[tuple[int, int, int, int, str]]
) -> None:
    document = opened("\n".join(lines), name)
    for line, column, more, end, text in edits:
        document.count()
        document.edit(Span(Position(line, column), Position(line + more, end)), text)
    assert lines_and_sites(document) == lines_and_sites(opened(document.text, name))


def test_of_a_line_of_many_literals_the_first_are_looked_at() -> None:
    assert len(named("MODELS = [" + '"gpt-5", ' * 300 + "]")) == 200


def test_a_text_of_many_characters_is_passed_over() -> None:
    assert named('model = "gpt-5"\n' + "# x\n" * 500_000) == []


def test_a_line_of_many_characters_is_passed_over() -> None:
    assert named(f'model = "gpt-4o"; x = "{"a" * 10_000}"\ny = "gpt-5"') == ["openai/gpt-5?"]
