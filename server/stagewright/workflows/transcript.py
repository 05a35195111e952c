"""A conversation as a Markdown document, and what a person did to that document.

The workflow file is the truth: the document can be made from it at any time, and only these are
read back (`transcript_reading`): the model in the front matter, a request where the workflow has
none, where the sections lie, and the text below the last heading, which has not been sent yet.

    ---
    workflow: WF-20261122-001
    request: Agents from the web
    stage: exploration
    model:
      provider: openai
      model: gpt-5-mini
    ---

    # exploration (ideation) <!-- stagewright:stage 0 -->

    ## You · 2026-11-22 15:48 UTC
    <!-- stagewright:message 3b0e... -->

    Explore model selection per stage.

    ## openai/gpt-5-mini · 2026-11-22 15:48 UTC · 12 in, 7 out
    <!-- stagewright:message fe2a... -->

    <details><summary>Reasoning</summary>

    They ask for directions.

    </details>

    Three directions are worth comparing.

    ## Your message <!-- stagewright:write openai/gpt-5-mini -->

    ...

What a line is, its comment says: headings, fences and `---` inside of messages mean nothing here. A
message that contains such a comment itself is shown with a backslash in it, so the first
`stagewright:write` of a document is ours, and all below it is the person's. That comment repeats
the model as it stood in the front matter, and behind `#` a digest of the request, which tells what
a person wrote there from what has been overtaken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from textwrap import shorten
from urllib.parse import quote

from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.settings import ContextMode
from stagewright.text.buffer import Buffer, Edit, span_at
from stagewright.text.yaml.scan import NULLS
from stagewright.workflows.context import seen_by, superseded
from stagewright.workflows.endings import outcome
from stagewright.workflows.requests import ADHOC
from stagewright.workflows.state import Message, Workflow
from stagewright.workflows.transcript_reading import Transcript, digest, read, text_of

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


def rebuild(
    workflow: Workflow,
    effective: Effective,
    text: str,
    *,
    growing: str | None = None,
    context: ContextMode = "answers",
) -> str:
    """The document anew, keeping what a person left in `text`, its present state.

    What has become a message that `text` does not show yet goes from below the last heading, and
    what was added to it stays; a model written by hand goes when the stage was switched to another
    since.
    """
    old = read(text)
    model_lines = old.edited_model_lines
    if any((m.metadata or {}).get("type") == "model_switch" for m in _not_shown_yet(old, workflow)):
        model_lines = ()
    below = _still_below(old, workflow) or "\n"
    return render(
        workflow,
        effective,
        below=below,
        model_lines=model_lines,
        request=request_in(old, workflow) or "",
        growing=growing,
        context=context,
    )


def request_in(document: Transcript, workflow: Workflow) -> str | None:
    """What a person wrote into the front matter that the work is about; None where the workflow
    says so already, or something else, or where it only has not been taken out of the document."""
    written = document.request if workflow.request_id == ADHOC else ""
    return written if written and digest(written) != document.rendered_request else None


def edited(document: Transcript, workflow: Workflow) -> list[tuple[Message, str]]:
    """The messages that a person changed in the document, each with what stands there now."""
    found = []
    for section in document.sections:
        message = workflow.message(section.message_id)
        if message is not None:
            text = text_of(document, section)
            if text not in (_text(message), _closed(_text(message))):
                found.append((message, text))
    return found


def unsent(document: Transcript, workflow: Workflow) -> str:
    """What a person wrote that has not become a message, though the document may not show it yet.

    Without the blank lines around it.
    """
    return _still_below(document, workflow).strip("\n").rstrip()


def updates(
    workflow: Workflow,
    effective: Effective,
    text: str,
    *,
    answer: Message | None = None,
    growing: bool = False,
    context: ContextMode = "answers",
) -> tuple[Edit, ...]:
    """The edits that make `rebuild` of `text`, as few lines as can be; they do not overlap.

    `answer` is the one that the document follows, as far as it has come, and `growing` says that
    more of it will: what is new of it is appended.
    """
    following = answer.id if answer and growing else None
    new = rebuild(workflow, effective, text, growing=following, context=context)
    more = appended(text, answer) if answer else None
    if more is not None and (others := _around(more, text, new)) is not None:
        return (*others, more)
    return differences(text, new)


def appended(text: str, message: Message) -> Edit | None:
    """The insertion that shows as much of an answer as has come; nothing is ever replaced.

    None when the document shows it already, or when its section was edited by hand: `rebuild` puts
    that right when the answer has ended.
    """
    document = read(text)
    wanted = _text(message)
    section = document.section(message.id)
    if section is None:
        end = len(document.lines) if document.write is None else document.write
        start = f"\n\n{_heading(message, growing=_is_partial(message))}"
        return _insert(document.lines, 0, end, f"{start}\n\n{wanted}" if wanted else start)
    shown = text_of(document, section)
    if not wanted.startswith(shown) or wanted == shown:
        return None
    new = wanted.removeprefix(shown)
    return _insert(document.lines, section.text - 1, section.end, new if shown else f"\n\n{new}")


def differences(old: str, new: str) -> tuple[Edit, ...]:
    """The edits of whole lines that make `new` of `old`, in their order."""
    before, after = Buffer(old).lines, Buffer(new).lines
    return tuple(
        _replaced(before, start, end, after[first:last])
        for tag, start, end, first, last in SequenceMatcher(None, before, after).get_opcodes()
        if tag != "equal"
    )


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
        comes = message.id == growing and _is_partial(message)
        yield from (_heading(message, growing=comes, replaced=message.id in left), "")
        text = _text(message)
        if text:
            yield from (text if message.id == growing else _closed(text), "")
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


def _heading(message: Message, *, growing: bool, replaced: bool = False) -> str:
    """A message's heading; what becomes known of an answer while it grows comes with its end."""
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


def _is_partial(message: Message) -> bool:
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


def _text(message: Message) -> str:
    """What stands below a message's heading: folded reasoning, then its content."""
    text = _shown(message.content)
    reasoning = (message.metadata or {}).get("reasoning")
    if not isinstance(reasoning, str) or not reasoning.strip():
        return text
    thought = _closed(_DETAILS.sub("&lt;", _shown(reasoning)))
    return f"<details><summary>Reasoning</summary>\n\n{thought}\n\n</details>\n\n{text}".rstrip()


def _shown(content: str) -> str:
    """A message's content as it stands in a document.

    Grows only at its end when the content does, so that it can be shown as it comes.
    """
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    return _LOOKS_LIKE_A_MARK.sub(r"<!--\1stagewright\\:", text).lstrip("\n").rstrip()


def _closed(text: str) -> str:
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


def _still_below(document: Transcript, workflow: Workflow) -> str:
    """What belongs below the last heading: what stands there, without what has become a message."""
    kept = document.write is not None
    below = document.below if kept else _behind_the_last_message(document, workflow)
    for message in _not_shown_yet(document, workflow):
        if (rest := _rest_behind(below, message)) is not None:
            below = rest
    return below


def _behind_the_last_message(document: Transcript, workflow: Workflow) -> str:
    """What was written behind a message whose following heading was deleted."""
    if not document.sections:
        return "\n"
    last = document.sections[-1]
    message = workflow.message(last.message_id)
    known = _closed(_text(message)) if message else ""
    rest = text_of(document, last).removeprefix(known).strip("\n")
    return f"\n{rest}\n" if message and rest and rest != text_of(document, last) else "\n"


def _not_shown_yet(document: Transcript, workflow: Workflow) -> Sequence[Message]:
    """What was said since the document was made."""
    shown = {section.message_id for section in document.sections}
    messages = workflow.messages
    last = max((n for n, message in enumerate(messages) if message.id in shown), default=-1)
    return messages[last + 1 :]


def _rest_behind(below: str, message: Message) -> str | None:
    """What stands below the last heading behind the message; None where the message does not."""
    text, said = below.lstrip("\n"), message.content
    if message.role not in ("human", "system") or not said or not text.startswith(said):
        return None
    line, _, rest = text.removeprefix(said).partition("\n")
    if line.strip():
        return None  # it only begins alike
    return "\n" + rest.lstrip("\n") if rest.strip() else "\n"


def _replaced(before: Sequence[str], start: int, end: int, lines: Sequence[str]) -> Edit:
    """The edit that puts `lines` in the place of those from `start` up to `end`."""
    if end < len(before):  # whole lines, each with its line end
        return Edit(span_at(start, 0, end, 0), "".join(f"{line}\n" for line in lines))
    last = len(before) - 1
    if start:  # the last lines: with the line end before them
        span = span_at(start - 1, len(before[start - 1]), last, len(before[last]))
        return Edit(span, "".join(f"\n{line}" for line in lines))
    return Edit(span_at(0, 0, last, len(before[last])), "\n".join(lines))


def _around(edit: Edit, text: str, new: str) -> tuple[Edit, ...] | None:
    """The edits that, beside an insertion, make `new` of `text`; None where they touch it."""
    buffer = Buffer(text)
    first, removed, added = buffer.splice(edit.span, edit.text)
    found = []
    for other in differences(buffer.text, new):
        if other.span.end.line <= first:
            found.append(other)
        elif other.span.start.line >= first + added:
            found.append(Edit(other.span.shifted(removed - added), other.text))
        else:
            return None
    return tuple(found)


def _insert(lines: Sequence[str], first: int, end: int, text: str) -> Edit:
    """Insert behind the last text of the lines from `first` up to `end`."""
    last = end - 1
    while last > first and not lines[last].strip():
        last -= 1
    column = len(lines[last].rstrip())
    return Edit(span_at(last, column, last, column), text)
