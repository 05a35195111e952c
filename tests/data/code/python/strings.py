# -*- coding: utf-8 -*-
import os, re
import anthropic

a = r"gpt-4o"
b = "gpt\x2d4o"
c = "gpt-4o\n"
d = "it's \"gpt-4o\" or 'gpt-4'"
e = '\'' + "gpt-4.1" + '\\' + 'gpt-5-mini'
f = f"{a}-gpt-4o"
g = "%s: gpt-4o" % "gpt-4o-mini"
h = {'a': 'claude-opus-4-6', "b": "🦀🦀", 'c': "claude-sonnet-4-6"}
i = ("🦀 gpt-4o", "é", "gemini-2.5-flash")
MODEL = os.environ.get("MODEL", "claude-3-haiku-20240307")
MODEL_NAME = os.getenv("MODEL_NAME") or "claude-2.1"
EMBEDDING_MODEL: str = "text-embedding-ada-002"
judge_model = (  # "o1-mini"
    "gpt-4.5-preview"
)
PATTERN = re.compile(r"^(gpt-4o|claude-2\.1)$")
PATTERN2 = re.compile(r'"gpt-4o"')
AZURE = dict(deployment_name="gpt-4o", azure_deployment='gpt-4o-mini', api_version="2024-08-06")
KEYS = {"api_key": "sk-ant-api03-gpt-4o-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"}
LABELS = ["gpt-4o-badge", "my-claude-2.1", "gpt", "claude", "o3", "command"]
x = """one line: gpt-4o"""; y = "grok-4"
z = '''
model="gpt-4o"
''' ; model_id = 'grok-code-fast-1'
anthropic.Anthropic().messages.create(max_tokens=1, model="claude-instant-1.2")
if model_name == "claude-3-opus-20240229" or engine in {"text-davinci-003"}:
    pass

parser.add_argument("--model", help="which, as gpt-4o", choices=["gpt-4o-mini", "o1-mini"])
parser.add_argument("--mode", choices=["command", "chat"])
Chosen = Literal["claude-2.1", "gpt-4o-mini"]
joined = (
    "gpt-4o"
    "-2024-05-13"
)
other = "gpt-4o" + \
    VERSION
run(["llm", "--model", "gpt-4o", "--model=claude-2.1", "as --model=gpt-4o"])


def quoted():
    'gpt-4o'


class Quoted:
    "claude-2.1"  # gpt-4
    model = "gpt-4o"
    "Which gpt-4o it is."
