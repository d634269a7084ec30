"""The rules by which lines become blocks and records, in the order in which they are tried.

A rule looks at the row it is given and either claims it, with as many of the following rows as
belong to it, or leaves it. What no rule claims is prose, so every line belongs to one block.
"""

from __future__ import annotations

from collections.abc import Callable

from studykit.wiki.rules.asked import asked
from studykit.wiki.rules.attendees import attendees
from studykit.wiki.rules.blank import blank
from studykit.wiki.rules.date import date
from studykit.wiki.rules.decision import decision
from studykit.wiki.rules.form import form
from studykit.wiki.rules.heading import heading
from studykit.wiki.rules.keyed import keyed
from studykit.wiki.rules.link import link
from studykit.wiki.rules.marked import marked
from studykit.wiki.rules.mention import mention, naming_answer
from studykit.wiki.rules.opinion import opinion
from studykit.wiki.rules.prose import one_letter, prose
from studykit.wiki.rules.question import answer, question
from studykit.wiki.rules.report import report
from studykit.wiki.rules.scribed import scribed
from studykit.wiki.rules.section import section
from studykit.wiki.rules.state import State
from studykit.wiki.rules.table import table
from studykit.wiki.rules.talk import talk
from studykit.wiki.rules.talk_plan import talk_plan
from studykit.wiki.rules.talk_row import talk_row
from studykit.wiki.rules.task import task
from studykit.wiki.rules.ticked import ticked
from studykit.wiki.rules.upcoming import upcoming

__all__ = ["RULES", "Rule", "State"]

Rule = Callable[[State, int], int]
"""(state, index of the row) -> how many rows the rule claims, 0 for none."""

RULES: tuple[tuple[str, Rule], ...] = (
    ("blank", blank),
    ("one_letter", one_letter),
    ("form", form),
    ("naming_answer", naming_answer),  # before mentions: it opens with an id too
    ("mention", mention),  # before all else: what stands behind an id is a record elsewhere
    ("date", date),  # before headings: `2023. 04. 04` starts with a number and a dot
    ("attendees", attendees),
    ("scribed", scribed),  # before marks: in the log of a chat they stand behind a nick
    ("ticked", ticked),  # before marks: else a tick box is a task
    ("keyed", keyed),  # before marks: the note itself says what its signs are
    ("marked", marked),  # explicit marks win
    ("asked", asked),
    ("talk_row", talk_row),  # before talks: one line has several
    ("talk", talk),
    ("upcoming", upcoming),  # after talks: of these, one slot may be less sure
    ("section", section),
    ("answer", answer),
    ("question", question),  # before turns: in its section a name is who asks
    ("table", table),  # before turns: who stands in a table of tasks owns one
    ("opinion", opinion),  # before items: a turn ends a list in plain text
    ("report", report),
    ("talk_plan", talk_plan),
    ("task", task),
    ("decision", decision),
    ("link", link),
    ("heading", heading),  # after items: in a list, a number makes an item
    ("prose", prose),
)
