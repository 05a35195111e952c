"""A real LiteLLM proxy and the real `stagewright`: lists, contexts, verdicts and chats are right.

`make gateways` sets up LiteLLM in an environment of its own (pass `--litellm PATH` to use another),
starts it on loopback with models that answer by themselves, and prints a line for each check.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KEY = "sk-loopback-litellm"  # as in litellm.yaml
HOME = Path(".gateways") / "litellm"
STARTS_WITHIN = 120  # seconds


def main() -> int:
    """Run every check; 0 when all hold."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--litellm", type=Path, help="the program, where it is there already")
    program = arguments.parse_args().litellm or installed()
    with proxy(program) as origin:
        checks = Checks(origin)
        checks.lists()
        checks.verdicts()
        checks.chats()
        checks.keys()
    print(f"{checks.held} of {checks.made} checks hold.")
    return 0 if checks.held == checks.made else 1


def installed() -> Path:
    """LiteLLM's program, set up where it is not yet."""
    bin_ = HOME / ("Scripts" if os.name == "nt" else "bin")
    if not (bin_ / "litellm").exists():
        print(f"Setting up LiteLLM in {HOME} (once) ...", flush=True)
        venv.create(HOME, with_pip=True)
        install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        requirements = str(HERE / "requirements.txt")
        subprocess.run([str(bin_ / "python"), *install, "-r", requirements], check=True)
    return bin_ / "litellm"


@contextmanager
def proxy(program: Path) -> Iterator[str]:
    """A proxy that answers; its origin."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = clean(LITELLM_LOCAL_MODEL_COST_MAP="True")
    command = [str(program), "--config", str(HERE / "litellm.yaml"), "--host", "127.0.0.1"]
    with tempfile.TemporaryFile() as log:
        running = subprocess.Popen(
            [*command, "--port", str(port)], env=environ, stdout=log, stderr=log
        )
        try:
            origin = f"http://127.0.0.1:{port}"
            until = time.monotonic() + STARTS_WITHIN
            while not answers(f"{origin}/health/liveliness"):
                if running.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    sys.exit(f"LiteLLM did not start:\n{log.read().decode()[-3000:]}")
                # A pause between two questions, no wait in place of a state: LiteLLM tells
                # that it has started by nothing but an answer.
                time.sleep(0.3)
            yield origin
        finally:
            running.terminate()
            running.wait(20)


def answers(url: str) -> bool:
    """Whether something answers there."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def clean(**more: str) -> dict[str, str]:
    """This environment without anybody's keys, addresses and proxies."""
    hidden = ("_API_KEY", "_API_TOKEN", "_BASE_URL", "_HOST", "_PROXY", "_URL")
    kept = {k: v for k, v in os.environ.items() if not k.upper().endswith(hidden)}
    return {**kept, "NO_COLOR": "1", **more}


class Checks:
    """What is asked of `stagewright` with the proxy at `origin`, and how it went."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.made = self.held = 0

    def lists(self) -> None:
        """What the proxy has, with what it says of each."""
        provider = self._provider("litellm")
        models = {one["id"]: one for one in provider["models"]}
        house = models.get("house-model", {})
        self._check("the list is had", provider["status"], "ok")
        self._check("named models are listed", {"house-model", "emb", "bare"} <= set(models), True)
        self._check("no pattern is a model", [one for one in models if "*" in one], [])
        self._check(
            "patterns are told", provider.get("patterns"), ["claude-*", "bedrock/us.anthropic.*"]
        )
        self._check("nobody takes the list for whole", provider["complete"], False)
        self._check("a context is read", house.get("contextWindow"), 128_000)
        self._check("an output limit is read", house.get("maxOutput"), 16_384)
        self._check("a chat model chats", house.get("chat"), True)
        self._check("an embedding model does not", models.get("emb", {}).get("chat"), False)
        self._check("it is called one", models.get("emb", {}).get("capabilities"), ["embedding"])
        self._check("what nobody describes chats", models.get("bare", {}).get("chat"), True)

    def verdicts(self) -> None:
        """What `check` says of models in a template."""
        for provider in ("litellm", "openai"):
            for model, code in (
                ("house-model", None),
                ("claude-opus-4-8", None),
                ("bedrock/us.anthropic.no-such-model:0", None),
                ("emb", "model-not-chat"),
                ("claude", "model-unlisted"),
                ("no-such-model", "model-unlisted"),
            ):
                if provider == "openai" and code == "model-unlisted":
                    code = "model-unavailable"  # asked for alone, the proxy denies it
                with workspace((provider, model)) as folder:
                    out = self._run("check", "--format", "json", cwd=folder).stdout
                codes = [one["code"] for one in json.loads(out)["findings"]]
                self._check(f"{provider}/{model}", codes, [code] if code else [])

    def chats(self) -> None:
        """An answer over each API of which the proxy's mock answers are streams.

        Those of the Responses API are not: it answers 500, "Error processing stream start".
        """
        for provider, model, said in (
            ("litellm", "house-model", "Hello from the house."),
            ("litellm", "claude-opus-4-8", "Hello from a pattern."),
            ("anthropic", "claude-opus-4-8", "Hello from a pattern."),
        ):
            with workspace((provider, model)) as folder:
                template = str(folder / ".choragen/workflow-templates/t.yaml")
                ran = self._run("chat", template, cwd=folder, stdin="Hello\n")
                answer = last_message(folder)
            self._check(f"a chat with {provider}/{model}", answer, said, ran.stdout + ran.stderr)
        with workspace(("litellm", "no-such-model")) as folder:
            template = str(folder / ".choragen/workflow-templates/t.yaml")
            ran = self._run("chat", template, cwd=folder, stdin="Hello\n")
        told = "no-such-model" in ran.stdout + ran.stderr
        self._check("a chat with a model that nothing covers is told so", told, True)

    def keys(self) -> None:
        """A wrong key is told, and no key is ever shown."""
        provider = self._provider("litellm", LITELLM_API_KEY="sk-wrong-0123456789")
        self._check("a wrong key is told", provider["status"], "auth-failed")
        self._check("and not shown", "sk-wrong" in json.dumps(provider), False)

    def _provider(self, name: str, **environ: str) -> Any:
        ran = self._run("models", "--refresh", "--format", "json", name, environ=environ)
        return json.loads(ran.stdout)["providers"][name]

    def _run(
        self,
        *arguments: str,
        cwd: Path | None = None,
        stdin: str = "",
        environ: Mapping[str, str] = {},
    ) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory() as home:
            config = Path(home) / "config.toml"
            config.write_text(f'[providers.litellm]\nbaseUrl = "{self.origin}/v1"\n')
            places = {
                "STAGEWRIGHT_CONFIG": str(config),
                "STAGEWRIGHT_CACHE_DIR": str(Path(home) / "cache"),
                "LITELLM_API_KEY": KEY,
                "OPENAI_API_KEY": KEY,
                "OPENAI_BASE_URL": f"{self.origin}/v1",
                "ANTHROPIC_API_KEY": KEY,
                "ANTHROPIC_BASE_URL": self.origin,
            }
            return subprocess.run(
                [sys.executable, "-m", "stagewright", *arguments],
                cwd=cwd,
                env=clean(**{**places, **environ}),
                input=stdin,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )

    def _check(self, what: str, found: object, expected: object, more: str = "") -> None:
        self.made += 1
        self.held += found == expected
        print(f"{'holds' if found == expected else 'FAILS'}  {what}", flush=True)
        if found != expected:
            print(f"       expected {expected!r}, found {found!r}\n{more}", flush=True)


@contextmanager
def workspace(*models: tuple[str, str]) -> Iterator[Path]:
    """A folder with a template that has a stage for each model."""
    stages = [
        f"  - name: s{number}\n    type: design\n    defaultModel:\n      provider: {provider}\n"
        f'      model: "{model}"\n    gate:\n      type: auto\n'
        for number, (provider, model) in enumerate(models)
    ]
    with tempfile.TemporaryDirectory() as folder:
        templates = Path(folder) / ".choragen" / "workflow-templates"
        templates.mkdir(parents=True)
        (templates / "t.yaml").write_text("name: t\nstages:\n" + "".join(stages))
        yield Path(folder)


def last_message(folder: Path) -> str | None:
    """What the newest message of the newest workflow says."""
    saved = sorted((folder / ".choragen" / "workflows").glob("WF-*.json"))
    messages = json.loads(saved[-1].read_text("utf-8"))["messages"] if saved else []
    return messages[-1]["content"] if messages else None


if __name__ == "__main__":
    sys.exit(main())
