r"""Evidence: who of all that stands before a colon or a dash is a person.

A wrong speaker is worse than a missed one. A label is a person's only when the note gives a reason
to think so: a list of attendees has the name, 님 stands behind it, `people.toml` knows it, or a
whole block of sibling labels has the shape of names.

>>> from studykit.wiki.lexicon import load_lexicon
>>> from studykit.wiki.lines import split_lines
>>> from studykit.wiki.rows import read_rows
>>> rows = read_rows(split_lines("참석자 : 이하늘, 박구름\n\n하늘 : 좋다\n"), markdown=False)
>>> find_people(rows, load_lexicon()).why("하늘")
'line 1 lists 이하늘 among the attendees'
"""

from __future__ import annotations

import re
from collections.abc import Callable

from studykit.wiki.evidence.arrivals import take_arrivals
from studykit.wiki.evidence.askers import take_answerers, take_askers
from studykit.wiki.evidence.beside import take_beside, take_chat, take_comments
from studykit.wiki.evidence.circles import take_circles
from studykit.wiki.evidence.credits import take_credits
from studykit.wiki.evidence.crowd import (
    Crowd,
    employed_names,
    full_names,
    names_in,
    stated_names,
    take_short,
)
from studykit.wiki.evidence.declared import take_declared
from studykit.wiki.evidence.dialogue import take_among_speakers
from studykit.wiki.evidence.doing import (
    INTENDS,
    take_doers,
    take_due_blocks,
    take_due_log,
    take_going,
    take_intending,
    take_told,
    take_willing,
)
from studykit.wiki.evidence.exports import take_actions, take_exports
from studykit.wiki.evidence.filled import (
    take_filled,
    take_parts,
    take_reported,
    take_set_apart,
    take_set_as_code,
)
from studykit.wiki.evidence.first_named import take_first_named
from studykit.wiki.evidence.gathered import take_gathered
from studykit.wiki.evidence.hanging import take_hanging
from studykit.wiki.evidence.linked import take_linked, take_wikilinks
from studykit.wiki.evidence.mingled import take_mingled
from studykit.wiki.evidence.named import (
    IN_PASSING,
    names_a_list,
    take_assigned,
    take_behind,
    take_bold_alone,
    take_bracketed,
    take_given_out,
    take_handles,
    take_headed,
    take_honoured,
    take_led_handles,
    take_over_lists,
    take_owners,
    take_siblings,
    take_speaking_handles,
    take_surnamed,
    take_syllables,
)
from studykit.wiki.evidence.openings import take_openings
from studykit.wiki.evidence.owing import take_owing
from studykit.wiki.evidence.positions import take_in_positions
from studykit.wiki.evidence.present import (
    take_attendees,
    take_attending_cells,
    take_charged,
    take_columns,
    take_last_cells,
    take_offices,
    take_shared_columns,
    take_surnames_over,
)
from studykit.wiki.evidence.presenting import take_presenters
from studykit.wiki.evidence.recurring import take_recurring
from studykit.wiki.evidence.reporting import (
    COMMENT_FROM,
    take_addressed,
    take_answering,
    take_commenting,
    take_initials,
    take_letters,
    take_lists_of_reports,
    take_narrated,
    take_replying,
    take_reports,
)
from studykit.wiki.evidence.roll import take_front, take_heads, take_roll
from studykit.wiki.evidence.rosters import take_rosters
from studykit.wiki.evidence.rounds import take_rounds
from studykit.wiki.evidence.runs import take_runs
from studykit.wiki.evidence.schedules import (
    take_chapters,
    take_scheduled,
    take_schedules,
    take_weeks,
)
from studykit.wiki.evidence.scribed import take_scribed
from studykit.wiki.evidence.shared import take_shared
from studykit.wiki.evidence.signs import (
    take_bold,
    take_bold_labels,
    take_honoured_openers,
    take_quoted,
    take_quotes,
    take_signatures,
    take_signs,
    take_starred,
)
from studykit.wiki.evidence.standups import take_standups
from studykit.wiki.evidence.ticked import take_ticked
from studykit.wiki.evidence.transcripts import take_transcripts
from studykit.wiki.lexicon import Lexicon
from studykit.wiki.rows import Row

__all__ = [
    "COMMENT_FROM",
    "INTENDS",
    "IN_PASSING",
    "Crowd",
    "employed_names",
    "find_people",
    "full_names",
    "names_a_list",
    "names_in",
    "stated_names",
]

_CLOCK = re.compile(r":\d\d")


def find_people(
    rows: list[Row],
    lexicon: Lexicon,
    canonical: Callable[[str], str | None] = lambda _: None,
) -> Crowd:
    """Collect the people of a note.

    Args:
        rows: The note's rows.
        lexicon: The words by which notes say who was there.
        canonical: Who somebody is by `people.toml`, if anybody.

    Returns:
        The people, each with a reason.
    """
    crowd = Crowd(lexicon, canonical)
    # Many of these look for a sign that most notes have nowhere.
    said = "\n".join(row.words for row in rows)
    typed = "\n".join(row.line.words for row in rows)
    clocks = _CLOCK.search(said) is not None or _CLOCK.search(typed) is not None
    tables = any(row.kind == "table" for row in rows)
    index = 0
    while index < len(rows):
        index += take_attendees(crowd, rows, index)
    take_short(crowd)
    take_front(crowd, rows)
    take_offices(crowd, rows)
    take_roll(crowd, rows)
    take_heads(crowd, rows)
    take_arrivals(crowd, rows)
    take_declared(crowd, rows)
    if tables:
        take_columns(crowd, rows)
        take_attending_cells(crowd, rows)
    take_rosters(crowd, rows)
    if tables:
        take_last_cells(crowd, rows)
        take_shared_columns(crowd, rows)
    take_charged(crowd, rows)
    take_surnames_over(crowd, rows)
    if "](http" in typed:
        take_linked(crowd, rows)
    if "[[" in typed:
        take_wikilinks(crowd, rows)
    take_replying(crowd, rows)
    take_filled(crowd, rows)
    take_honoured(crowd, rows)
    take_gathered(crowd, rows)
    if "@" in said:
        take_speaking_handles(crowd, rows)
    take_bracketed(crowd, rows)
    take_headed(crowd, rows)
    if "**" in typed:
        take_bold_alone(crowd, rows)
    take_syllables(crowd, rows)
    take_over_lists(crowd, rows)
    take_presenters(crowd, rows)
    take_schedules(crowd, rows)
    take_chapters(crowd, rows)
    take_weeks(crowd, rows)
    take_siblings(crowd, rows)
    take_behind(crowd, rows)
    take_owners(crowd, rows)
    take_given_out(crowd, rows)
    take_owing(crowd, rows)
    take_surnamed(crowd, rows)
    take_shared(crowd, rows)
    take_initials(crowd, rows)
    take_reports(crowd, rows)
    take_scribed(crowd, rows)
    take_assigned(crowd, rows)
    take_first_named(crowd, rows)
    take_askers(crowd, rows)
    take_answerers(crowd, rows)
    take_scheduled(crowd, rows)
    take_in_positions(crowd, rows)
    take_recurring(crowd, rows)
    take_circles(crowd, rows)
    if any(sign in said for sign in "/「『"):
        take_openings(crowd, rows)
    take_runs(crowd, rows)
    take_beside(crowd, rows)
    if clocks:
        take_chat(crowd, rows)
        take_exports(crowd, rows)
        take_actions(crowd, rows)
        take_transcripts(crowd, rows)
    take_comments(crowd, rows)
    take_standups(crowd, rows)
    take_rounds(crowd, rows)
    take_addressed(crowd, rows)
    take_letters(crowd, rows)
    take_intending(crowd, rows)
    if " from " in said:
        take_commenting(crowd, rows)
    take_doers(crowd, rows)
    take_going(crowd, rows)
    if "**" in typed:
        take_willing(crowd, rows)
    take_answering(crowd, rows)
    take_told(crowd, rows)
    take_lists_of_reports(crowd, rows)
    take_set_apart(crowd, rows)
    if "`" in typed:
        take_set_as_code(crowd, rows)
    take_reported(crowd, rows)
    take_narrated(crowd, rows)
    take_parts(crowd, rows)
    if "**" in typed:
        take_bold(crowd, rows)
        take_bold_labels(crowd, rows)
    if "@" in said:
        take_led_handles(crowd, rows)
    take_signs(crowd, rows)
    if "*" in typed:
        take_starred(crowd, rows)
    if "왈" in said or "曰" in said:
        take_quoted(crowd, rows)
    if any(quote in said for quote in '"“「'):
        take_quotes(crowd, rows)
    if "さん" in said or "氏" in said:
        take_honoured_openers(crowd, rows)
    take_signatures(crowd, rows)
    take_credits(crowd, rows)
    take_mingled(crowd, rows)
    if "  " in said or "\t" in said:
        take_hanging(crowd, rows)
    take_due_log(crowd, rows)
    take_due_blocks(crowd, rows)
    take_ticked(crowd, rows)
    take_among_speakers(crowd, rows)
    if "@" in said:  # last: one handle is no evidence for other words before a colon
        take_handles(crowd, rows)
    return crowd
