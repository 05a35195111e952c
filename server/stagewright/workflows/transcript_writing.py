"""A conversation as Markdown: the document of a workflow, and each of its headings and texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from textwrap import shorten
from urllib.parse import quote

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.settings import ContextMode
from stagewright.text.yaml.scan import NULLS
from stagewright.workflows.context import seen_by, superseded
from stagewright.workflows.endings import outcome
from stagewright.workflows.requests import ADHOC
from stagewright.workflows.state import Message, Workflow
from stagewright.workflows.transcript_reading import digest

_LONGEST_REASON = 120
"""Characters of why an answer is not whole, in its heading."""

_LOOKS_LIKE_A_MARK = re.compile(r"<!--(\s*)stagewright:")
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./@+ -]*(?::[A-Za-z0-9_./@+-]+)*")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
_DETAILS = re.compile(r"<(?=/?(?:details|summary)\b)", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


def render(
    workflow: Workflow,
    effective: Effective,
    *,
    below: str = "\n",
    model_lines: Sequence[str] = (),
    request: str = "",
    growing: str | None = None,
    context: ContextMode = "answers",
) -> str:
    """The document of a workflow whose current stage uses `effective`.

    `below` stands under the last heading, `model_lines` and `request` in the front matter: what a
    person left there. `growing` is the id of the message that is still being answered, `context`
    the setting.
    """
    head = _front_matter(workflow, effective.model, model_lines, request)
    body = _body(workflow, growing, seen_by(workflow, context))
    return "\n".join([*head, *body, _write_heading(workflow, effective.model), below])


def _front_matter(
    workflow: Workflow, model: ModelReference | None, model_lines: Sequence[str], request: str
) -> Iterator[str]:
    yield "---"
    yield f"workflow: {workflow.id}"
    about = request if workflow.request_id == ADHOC else workflow.request_id
    yield f"request: {_scalar(about) if about else ''}".rstrip()
    if workflow.stage is not None:
        yield f"stage: {_scalar(workflow.stage.name)}"
    if model_lines:
        yield from model_lines
    else:
        yield "model:"
        yield f"  provider: {_scalar(model.provider) if model else ''}".rstrip()
        yield f"  model: {_scalar(model.model) if model else ''}".rstrip()
    yield from ("---", "")


def _body(workflow: Workflow, growing: str | None, seen: str) -> Iterator[str]:
    shown = None
    left = superseded(workflow)
    for message in workflow.messages:
        if message.stage_index != shown:
            shown = message.stage_index
            yield from _stage_head(workflow, shown, seen)
        comes = message.id == growing and is_partial(message)
        yield from (heading(message, growing=comes, replaced=message.id in left), "")
        text = text_below(message)
        if text:
            yield from (text if message.id == growing else closed(text), "")
    if workflow.stage is not None and workflow.current_stage != shown:
        yield from _stage_head(workflow, workflow.current_stage, seen)


def _stage_head(workflow: Workflow, index: int, seen: str) -> Iterator[str]:
    """The heading between stages; below the current one's, what it sees of the earlier ones."""
    yield from (_stage_heading(workflow, index), "")
    if seen and index == workflow.current_stage:
        yield from (f"*{_inline(seen[0].upper() + seen[1:])}.*", "")


def _stage_heading(workflow: Workflow, index: int) -> str:
    if 0 <= index < len(workflow.stages):
        stage = workflow.stages[index]
        return f"# {_inline(f'{stage.name} ({stage.type})')} <!-- stagewright:stage {index} -->"
    return f"# Stage {index} <!-- stagewright:stage {index} -->"


def _write_heading(workflow: Workflow, model: ModelReference | None) -> str:
    title = "Your message"
    if workflow.status != "active":
        title += f" (the workflow is {_inline(workflow.status)})"
    what = f"{_quoted(model.provider, safe=':@')}/{_quoted(model.model)}" if model else ""
    if workflow.request_id != ADHOC:
        what += f"#{digest(workflow.request_id)}"
    return f"## {title} <!-- stagewright:write{what and f' {what}'} -->"


def heading(message: Message, *, growing: bool, replaced: bool = False) -> str:
    """A message's heading and mark; what becomes known of an answer while it grows comes with its
    end."""
    metadata = message.metadata or {}
    time = _TIME.match(message.timestamp)
    when = f"{time[1]} {time[2]} UTC" if time else message.timestamp
    facts = [_speaker(message, resolved=not growing), when]
    usage = metadata.get("usage")
    if isinstance(usage, dict) and not growing:
        counts = [
            f"{usage[key]:,} {name}"
            for key, name in (("inputTokens", "in"), ("outputTokens", "out"))
            if isinstance(usage.get(key), int)
        ]
        if counts:
            facts.append(", ".join(counts))
    if growing:
        facts.append("partial")
    elif message.role in ("control", "impl"):
        facts += _ending(message)
    if replaced:
        facts.append("replaced, not sent any more")
    mark = f"<!-- stagewright:message {_quoted(message.id)} -->"
    return f"## {_inline(' · '.join(facts))}\n{mark}"


def is_partial(message: Message) -> bool:
    """Whether an answer still streams, or was stopped or broke off."""
    return (message.metadata or {}).get("partial") is True


def _ending(message: Message) -> Iterator[str]:
    """Why an answer is not whole: "Stopped at the output limit"."""
    if why := outcome(message).why:
        yield shorten(why.removesuffix("."), _LONGEST_REASON, placeholder="…")


def _speaker(message: Message, *, resolved: bool) -> str:
    model = message.model.reference if message.model else None
    match message.role:
        case "human":
            return f"You, to {model}" if model else "You"
        case "system":
            return "System"
        case role if model is None:
            return role.capitalize()
        case _:
            named = (message.metadata or {}).get("resolvedModel") if resolved else None
            same = not isinstance(named, str) or named == model.model
            return str(model) if same else f"{model} ({named})"


def _quoted(text: str, safe: str = "/:@") -> str:
    return quote(text, safe=safe, errors="surrogatepass")


def text_below(message: Message) -> str:
    """What stands below a message's heading: folded reasoning, then its content."""
    text = _shown(message.content)
    reasoning = (message.metadata or {}).get("reasoning")
    if not isinstance(reasoning, str) or not reasoning.strip():
        return text
    thought = closed(_DETAILS.sub("&lt;", _shown(reasoning)))
    return f"<details><summary>Reasoning</summary>\n\n{thought}\n\n</details>\n\n{text}".rstrip()


def _shown(content: str) -> str:
    """A message's content as it stands in a document.

    Grows only at its end when the content does, so that it can be shown as it comes.
    """
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    return _LOOKS_LIKE_A_MARK.sub(r"<!--\1stagewright\\:", text).lstrip("\n").rstrip()


def closed(text: str) -> str:
    """The text with a code fence that it leaves open closed: it would swallow what follows."""
    open_fence = ""
    for found in map(_FENCE.fullmatch, text.split("\n")):
        if found is None:
            continue
        fence, rest = found.groups()
        if not open_fence:
            if fence[0] == "~" or "`" not in rest:
                open_fence = fence
        elif fence.startswith(open_fence) and not rest.strip():
            open_fence = ""
    return f"{text}\n{open_fence}" if open_fence else text


def _inline(text: str) -> str:
    """Text for a heading: on one line, and no mark of ours."""
    return _LOOKS_LIKE_A_MARK.sub(r"<!--\1stagewright\\:", " ".join(text.split()))


def _scalar(text: str) -> str:
    """A value of the front matter, quoted where YAML needs it."""
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text not in NULLS
    return text if plain else json.dumps(text, ensure_ascii=False)
