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

from collections.abc import Sequence

from stagewright.catalog.effective import Effective
from stagewright.settings import ContextMode
from stagewright.workflows.requests import ADHOC
from stagewright.workflows.state import Message, Workflow
from stagewright.workflows.transcript_reading import Transcript, digest, read, text_of
from stagewright.workflows.transcript_writing import closed, render, text_below


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
            if text not in (text_below(message), closed(text_below(message))):
                found.append((message, text))
    return found


def unsent(document: Transcript, workflow: Workflow) -> str:
    """What a person wrote that has not become a message, though the document may not show it yet.

    Without the blank lines around it.
    """
    return _still_below(document, workflow).strip("\n").rstrip()


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
    known = closed(text_below(message)) if message else ""
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
