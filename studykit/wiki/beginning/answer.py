"""An answer to a question of the notes: `docs/answers/w01-q2.md`, which closes it."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path

from studykit.errors import ConfigError
from studykit.wiki.beginning.files import write_new
from studykit.wiki.beginning.skeletons import skeleton
from studykit.wiki.issues import Issue
from studykit.wiki.status import read_status

__all__ = ["new_answer"]

_MARK = re.compile(r"([\\`*_{}\[\]<>#$|~!&])")


def new_answer(question_id: str, meetings: Path, docs: Path, language: str) -> Path:
    """Make the page that answers a question; what is there is never overwritten.

    Args:
        question_id: The question's id, such as `w01-q2`.
        meetings: The folder of notes.
        docs: The folder of hand-written pages.
        language: The language of the skeleton, `ko` or `en`.

    Returns:
        The page.

    Raises:
        ConfigError: There is no such question, or it has such a page already.
        NoteError: A note or its folder cannot be read.
    """
    questions = read_status(meetings, docs).archive.asked
    question = next((each for each in questions if each.id == question_id), None)
    if question is None:
        near = get_close_matches(question_id, [each.id for each in questions], n=1)
        raise ConfigError(
            f"no note and no issue has a question {question_id!r}",
            mend=f"did you mean {near[0]}?" if near else "`studykit status` lists the open ones",
        )
    said = question.text.partition("\n")[0] if isinstance(question, Issue) else question.text
    words = " ".join(said.split())
    path = docs / "answers" / f"{question.id}.md"
    text = skeleton(
        "answer",
        language,
        title=words,
        heading=_MARK.sub(r"\\\1", words),
        question=question.id,
    )
    write_new(path, text, "write into that one; several pages may answer one question")
    return path
