"""Corrections as the page shows them: what was read, quietly, beside what is said instead."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from studykit.wiki.chrome import Chrome
from studykit.wiki.escape import in_html
from studykit.wiki.records import Correction

__all__ = ["fixes"]

_FIELDS = {
    "askers": "question_asker",
    "attendees": "attendees",
    "date": "field_date",
    "done": "status",
    "due": "due",
    "kind": "kind",
    "owners": "owner",
    "presenters": "field_presenters",
    "question": "field_question",
    "speakers": "speakers",
    "status": "status",
    "subject": "field_subject",
    "text": "field_text",
    "title": "field_title",
    "volunteers": "volunteers",
}
_VALUES = {
    ("done", "done"): "task_done",
    ("done", "open"): "task_open",
    ("kind", "answer"): "block_answer",
    ("kind", "attendees"): "attendees",
    ("kind", "date"): "field_date",
    ("kind", "decision"): "decisions",
    ("kind", "heading"): "block_heading",
    ("kind", "link"): "links",
    ("kind", "opinion"): "opinions",
    ("kind", "prose"): "block_prose",
    ("kind", "question"): "questions",
    ("kind", "talk"): "talks",
    ("kind", "task"): "tasks",
    ("status", "given"): "talk_given",
    ("status", "planned"): "talk_planned",
}


def fixes(t: Chrome, corrections: Iterable[Correction]) -> Markup:
    """Each correction as a small paragraph; nothing for none.

    Examples:
        >>> from studykit.wiki.chrome import load_chrome
        >>> owner = Correction("w01-task1", "owners", None, "가람", (9, 9))
        >>> print(fixes(load_chrome("ko"), [owner]), end="")
        <p class="sk-fix">고침 · 담당: <del>미기록</del> → <ins>가람</ins></p>
    """
    return Markup().join(
        Markup('<p class="sk-fix">{} · {}: <del>{}</del> → <ins>{}</ins></p>\n').format(
            t("corrected"),
            t(_FIELDS[fix.field]),
            _value(t, fix.field, fix.was),
            _value(t, fix.field, fix.now),
        )
        for fix in corrections
    )


def _value(t: Chrome, field: str, value: str | None) -> Markup:
    if value is None:
        return in_html(t("nobody_said"))
    key = _VALUES.get((field, value))
    return in_html(t(key) if key else value)
