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
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from studykit.wiki.labels import SHORT
from studykit.wiki.lexicon import Lexicon, squeeze
from studykit.wiki.names import listed_shape, shape_of
from studykit.wiki.rows import Row

__all__ = [
    "Crowd",
    "find_people",
    "full_names",
    "names_a_list",
    "names_in",
    "stated_names",
]

LONGEST = 200
"""No list of names on one line is longer."""

_HANDLE = re.compile(r"@[A-Za-z][\w.-]{1,38}")
_SPLIT = re.compile(r"[ \t]*(?:,|、|，|&|＆|·|ㆍ|/|\+| 및 | and |;)[ \t]*")
_ASIDE = re.compile(r"[ \t]*\([^()]{0,30}\)")
_LAST_ASIDE = re.compile(r"(?<=\S)[ \t]*\([^()]{1,30}\)$")
_SCRIBE = re.compile(r"(?:Topic|Agenda|ACTION|RESOLUTION|RESOLVED|scribe(?:nick)?|Present\+?):? ")
_ENTITY = re.compile(r"&(?:[a-z]{2,6}|#\d{1,5});")
_GROUP = re.compile(r"[A-Za-z가-힣]{1,8}[ \t]?\|[ \t]*(?=[^|]+$)")  # `FE | 현수 : …`
_SHORT_NAME = re.compile(r"[가-힣]{2,4}")
_INITIAL = re.compile(r"[A-Z][ .]?(?=[가-힣])")
_COUNT = re.compile(r"\d+ ?명")
_NOTED = re.compile(r"[ \t]+@[\w-]+|[ \t]*\[[^\[\]]{0,30}\]")
_MENTIONED = re.compile(
    r"(?<![가-힣\w])(?P<name>[가-힣]{2,3})님(?=[^가-힣]|$|이|은|을|의|께|도|과|와|만|한테|부터|까지|하고|들)"
)
_ADDRESS = re.compile(r"[ \t]*<?https?://", re.IGNORECASE)
MOST_ALONE = 24
_LATELY = 256


@dataclass(slots=True)
class Crowd:
    """Everybody whom the note gives reason to take for a person, with the reason.

    `attendees` are those whom it lists as present, with the offset of the line that does.
    """

    lexicon: Lexicon
    canonical: Callable[[str], str | None] = lambda _: None
    reasons: dict[str, str] = field(default_factory=dict)
    attendees: list[tuple[int, str]] = field(default_factory=list)
    attendee_lines: set[int] = field(default_factory=set)
    asked: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict, repr=False)
    """What `names_in` said lately: several rules ask in turn about one text."""

    def why(self, written: str) -> str | None:
        """The reason for which `written` is a person, or None.

        Args:
            written: A name as the note has it, without 님.
        """
        name = written.removeprefix("@")
        if not name or self.is_role(name):
            return None
        if reason := self.reasons.get(squeeze(name)):
            return reason
        if self.canonical(written):
            return "people.toml has the name"
        return None

    def is_role(self, name: str) -> bool:
        """Whether `name` is what somebody does, not who they are."""
        folded = name.casefold()
        return (
            folded.endswith(self.lexicon.roles)
            or folded in self.lexicon.single_roles
            or squeeze(name) in self.lexicon.everyone
        )

    def knows(self, name: str, reason: str) -> None:
        """Note that `name` is a person's; a Korean full name is also known by its given name."""
        if self.is_role(name):
            return
        self.asked.clear()
        self.reasons.setdefault(squeeze(name), reason)
        if len(name) == 3 and shape_of(name) == "full":
            self.reasons.setdefault(name[1:], reason)
        elif len(words := name.split()) > 1 and shape_of(name) == "latin":
            # Minutes call people by their first name or their initials.
            self.reasons.setdefault(squeeze(words[0]), reason)
            self.reasons.setdefault("".join(word[0] for word in words).casefold(), reason)


def names_in(crowd: Crowd, text: str) -> tuple[tuple[str, ...], str]:
    """The people whom `text` lists, with the first one's reason; none if it holds more.

    Examples:
        >>> from studykit.wiki.lexicon import load_lexicon
        >>> names_in(Crowd(load_lexicon()), "현수님, 인서님")
        (('현수', '인서'), '님 stands behind the name')
    """
    if (known := crowd.asked.get(text)) is not None:
        return known
    if len(crowd.asked) == _LATELY:
        crowd.asked.clear()
    crowd.asked[text] = answer = _names_in(crowd, text)
    return answer


def _names_in(crowd: Crowd, text: str) -> tuple[tuple[str, ...], str]:
    found: list[str] = []
    first = ""
    aside = "(" in text and text.lstrip(" \t")[:1] not in "(["
    text = text.strip(" \t" if aside else " \t()[]")
    if not text or len(text) > LONGEST:
        return (), ""
    for part in _SPLIT.split(text):
        name, reason = person(crowd, part)
        if not name:
            return (), ""
        found.append(name)
        first = first or reason
    return tuple(dict.fromkeys(found)), first


def stated_names(crowd: Crowd, text: str) -> tuple[str, ...]:
    """The people whom `text` lists where an explicit mark says that it lists people.

    Names need no other evidence there: `발표(현수, 인서): …`. Words that mean something are none.

    Examples:
        >>> from studykit.wiki.lexicon import load_lexicon
        >>> crowd = Crowd(load_lexicon())
        >>> stated_names(crowd, "현수, 류건"), stated_names(crowd, "초안, 30분")
        (('현수', '류건'), ())
    """
    if found := names_in(crowd, text)[0]:
        return found
    parts = _SPLIT.split(text.strip(" \t"))
    taken = crowd.lexicon.common | crowd.lexicon.nobody
    if not all(
        listed_shape(part)
        and not part.isascii()
        and part not in taken
        and not crowd.is_role(part)
        and not _means_something(crowd, part)
        for part in parts
    ):
        return ()
    named = any(shape_of(part) in ("full", "given", "kanji") for part in parts)
    return tuple(dict.fromkeys(parts)) if named else ()


def full_names(crowd: Crowd, text: str) -> tuple[str, ...]:
    """The people whom `text` lists by nothing but Korean full names, or names with evidence."""
    if found := names_in(crowd, text)[0]:
        return found
    parts = _SPLIT.split(text.strip(" \t"))
    good = all(_full_name(crowd, part) or crowd.why(part) for part in parts)
    return tuple(dict.fromkeys(parts)) if good else ()


def person(crowd: Crowd, written: str) -> tuple[str, str]:
    """A name as written, without 님, and why it is a person's; two empty strings if it is none."""
    written = _without_group(written)
    match = _honoured(crowd.lexicon.honorific).fullmatch(written)
    if match and not crowd.is_role(match["name"]):
        return match["name"], f"{written[match.end('name') :].strip()} stands behind the name"
    if match and crowd.canonical(written):
        return written, "people.toml has the name"
    if reason := crowd.why(written):
        return written.removeprefix("@"), reason
    title = crowd.lexicon.title.search(written)
    if title and _full_name(crowd, name := written[: title.start()]):
        return name, f"{title.group().strip()} stands behind the name"
    if _HANDLE.fullmatch(written):
        return written.removeprefix("@"), "@ stands before the name"
    if aside := _LAST_ASIDE.search(written):  # `현수님 (AWS)`
        return person(crowd, written[: aside.start()])
    return "", ""


def _without_group(written: str) -> str:
    return _GROUP.sub("", written.strip()) if "|" in written else written.strip()


@cache
def _honoured(honorific: str) -> re.Pattern[str]:
    # At most twelve letters: a name, and no room for a sentence that happens to end in 님.
    return re.compile(rf"@?(?P<name>[^\W\d_]{{1,12}}?)[ \t]?{honorific}")


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
    index = 0
    while index < len(rows):
        index += _attendees(crowd, rows, index)
    _offices(crowd, rows)
    _columns(crowd, rows)
    _honoured_names(crowd, rows)
    _bracketed(crowd, rows)
    _headed(crowd, rows)
    _over_lists(crowd, rows)
    _siblings(crowd, rows)
    _scribed(crowd, rows)
    _assigned(crowd, rows)
    _recurring(crowd, rows)
    return crowd


# --- who was there --------------------------------------------------------------------------------


def _attendees(crowd: Crowd, rows: list[Row], index: int) -> int:
    """Take in a list of who was there, or not; return how many rows it fills, 1 for none."""
    row = rows[index]
    name, rest = row.words, ""
    if row.kind == "table":
        cells = [cell.strip() for cell in row.words.strip("|").split("|")]
        name, rest = cells[0], cells[1] if len(cells) > 1 else ""
    elif (label := row.label) is not None:
        name, rest = label.name, row.words[label.end :]
    if len(name) > SHORT:
        return 1
    key = squeeze(_ASIDE.sub("", name) if "(" in name else name)
    present = key in crowd.lexicon.attendees
    if not present and key not in crowd.lexicon.absent:
        return 1
    count, names = 1, _listed_names(crowd, rest)
    if not rest.strip() and row.kind == "words":
        names, count = _names_below(crowd, rows, index)
    if not names:
        return 1
    where = f"line {row.line.number}"
    for each in names:
        if present:
            crowd.attendees.append((row.line.start, each))
            crowd.knows(each, f"{where} lists {each} among the attendees")
        else:
            crowd.knows(each, f"{where} lists {each} among the absent")
    crowd.attendee_lines.update(line.line.number for line in rows[index : index + count])
    return count


def _offices(crowd: Crowd, rows: list[Row]) -> None:
    """`서기 : 현수`, `scribe: Robin`: what somebody did at the meeting, and who did."""
    for row in rows:
        if row.kind != "words" or len(row.words) > SHORT or ":" not in row.words[:16]:
            continue
        label = row.label
        if label is None or label.sign != ":" or squeeze(label.name) not in crowd.lexicon.offices:
            continue
        names = _listed_names(crowd, row.words[label.end :])
        if all(
            shape_of(name) in ("full", "given", "latin", "kanji")
            and name not in crowd.lexicon.common | crowd.lexicon.nobody
            for name in names
        ):
            for name in names:
                crowd.knows(name, f"line {row.line.number}: {label.name}, and who it was")


def _columns(crowd: Crowd, rows: list[Row]) -> None:
    """A table whose first column is headed by the word for names: `| 이름 | 한 일 |`."""
    inside = False
    for index, row in enumerate(rows):
        if row.kind != "table":
            inside = False
            continue
        first = row.words.strip("| \t").partition("|")[0].strip(" *")
        if not inside and index + 1 < len(rows) and rows[index + 1].kind == "table":
            inside = squeeze(first) in crowd.lexicon.columns
            continue
        if not inside:
            continue
        names = [_bare(crowd, part) for part in _SPLIT.split(first) if part]
        # A word in Latin letters may as well be a field's, or a command's.
        if names and all(
            shape_of(name) in ("full", "given", "kanji")
            and not _means_something(crowd, name)
            and name not in crowd.lexicon.common
            for name in names
        ):
            for name in names:
                crowd.knows(name, f"line {row.line.number}: a table's column of names")


def _listed_names(crowd: Crowd, text: str) -> list[str]:
    """The names of a list of attendees; none if it lists anything else."""
    text = _NOTED.sub("", _ASIDE.sub("", _ENTITY.sub('"', text))).strip(" \t.|")
    parts = [part for part in _SPLIT.split(text) if part]
    if len(parts) == 1 and len(words := parts[0].split()) > 1:
        shapes = {shape_of(_bare(crowd, word)) for word in words}
        if shapes <= {"full"} or shapes <= {"given"}:
            parts = words
    names = [_bare(crowd, part) for part in parts if not _COUNT.search(part)]
    names = [name for name in names if squeeze(name) not in crowd.lexicon.everyone]
    shaped = [name for name in names if listed_shape(name)]
    # In a long list one that nobody's name looks like takes nothing from the others.
    most = len(shaped) == len(names) or (len(names) >= 6 and len(shaped) >= 0.8 * len(names))
    return shaped if most else []


def _names_below(crowd: Crowd, rows: list[Row], index: int) -> tuple[list[str], int]:
    """The names below a bare label, one a line or several; a heading's may follow a blank line."""
    names: list[str] = []
    head, count = rows[index], 1
    for at in range(1, len(rows) - index):
        row = rows[index + at]
        if row.kind == "blank" and (not names or row.listed):
            if at < (4 if head.level else 2):
                continue
            break
        found = _listed_names(crowd, row.words) if row.kind == "words" and not row.level else []
        deeper = row.listed or row.column > head.column or bool(head.level)
        if not head.level and at == 2 and not names and not _surely_names(crowd, found):
            break  # a paragraph of its own
        alone = not deeper and all(_full_name(crowd, each) for each in found)
        if not found or len(row.words) > 5 * SHORT or (names and not (deeper or alone)):
            break
        names += found
        count = at + 1
    return names, count


def _surely_names(crowd: Crowd, found: list[str]) -> bool:
    """Whether two or more words are names without anything that says so."""
    return len(found) >= 2 and all(
        shape_of(name) == "latin" or _full_name(crowd, name) or crowd.why(name) for name in found
    )


def _bare(crowd: Crowd, written: str) -> str:
    """A name as written, without 님 or a title behind it."""
    written = _without_group(written)
    match = _honoured(crowd.lexicon.honorific).fullmatch(written)
    name = match["name"] if match else written.removeprefix("@")
    if shape_of(name) is None and (title := crowd.lexicon.title.search(name)):
        name = name[: title.start()].strip() or name
    return name


# --- who is named as a person somewhere -----------------------------------------------------------


def _honoured_names(crowd: Crowd, rows: list[Row]) -> None:
    """`현수님` once, before a separator or in a sentence, makes `현수 - …` a person's as well."""
    honorific = crowd.lexicon.honorific
    anywhere = re.compile(rf"{honorific}|님").search
    for row in rows:
        if row.kind not in ("words", "table") or not anywhere(row.words):
            continue
        label = row.label
        head = label.name if label else row.words if len(row.words) <= SHORT else ""
        for part in _SPLIT.split(head) if head else ():
            match = _honoured(honorific).fullmatch(part)
            if match and not crowd.is_role(match["name"]):
                suffix = part[match.end("name") :].strip()
                crowd.knows(
                    match["name"], f"line {row.line.number} has the name with {suffix} behind it"
                )
        if "님" not in row.words:
            continue
        for mention in _MENTIONED.finditer(row.words):
            name = mention["name"]
            if shape_of(name) in ("full", "given") and not crowd.is_role(name):
                crowd.knows(name, f"line {row.line.number} has the name with 님 behind it")


def _bracketed(crowd: Crowd, rows: list[Row]) -> None:
    """`<이하늘>` and `### 박구름`, each over a block: two full names as titles are people."""
    titles = [row for row in rows if (row.framed or row.level > 2) and _full_name(crowd, row.words)]
    if len({row.words for row in titles}) >= 2:
        for row in titles:
            crowd.knows(row.words, f"line {row.line.number}: full names as titles of blocks")


def _headed(crowd: Crowd, rows: list[Row]) -> None:
    """`### 하늘`, `### K 구름`, `### 다온님`: headings that all look like names, one a person's."""
    runs: dict[int, list[Row]] = {}
    for row in [row for row in rows if row.level]:
        for level in [level for level in runs if level > row.level]:
            _headed_names(crowd, runs.pop(level))
        runs.setdefault(row.level, []).append(row)
    for run in runs.values():
        _headed_names(crowd, run)


def _headed_names(crowd: Crowd, run: list[Row]) -> None:
    run = [row for row in run if squeeze(row.words) not in crowd.lexicon.everyone]
    names = [_INITIAL.sub("", _bare(crowd, row.words)) for row in run]
    shaped = [name for name in names if shape_of(name) in ("full", "given")]
    if len(names) < 3 or len(shaped) < 0.75 * len(names):
        return
    if not any(person(crowd, row.words)[0] for row in run) or not all(
        crowd.why(name)
        or (
            _SHORT_NAME.fullmatch(name)
            and not _means_something(crowd, name)
            and name not in crowd.lexicon.common
        )
        for name in names
    ):
        return
    for row in run:
        reason = f"line {row.line.number}: a heading beside those of people"
        crowd.knows(_bare(crowd, row.words), reason)


def _over_lists(crowd: Crowd, rows: list[Row]) -> None:
    """`하늘`, `K 구름`, `다온님`, each alone over a list, one after the other, one a person's."""
    run: list[Row] = []
    for index, row in enumerate(rows):
        if row.kind != "words" or row.listed:
            continue
        if names_a_list(rows, index) and _may_be_name(crowd, _INITIAL.sub("", row.words)):
            run.append(row)
            continue
        if row.column == 0 or names_a_list(rows, index):
            _headed_names(crowd, run)
            run = []
    _headed_names(crowd, run)


def _may_be_name(crowd: Crowd, written: str) -> bool:
    """Whether a line of its own could be a name at all."""
    name = _bare(crowd, written)
    return bool(person(crowd, written)[0]) or (
        shape_of(name) in ("full", "given") and not _means_something(crowd, name)
    )


def names_a_list(rows: list[Row], index: int) -> bool:
    """Whether a line alone, with no mark, stands over a list at its column or deeper."""
    row = rows[index]
    if row.mark or row.level or row.box is not None or len(row.words) > MOST_ALONE:
        return False
    if index and rows[index - 1].kind == "words" and not rows[index - 1].listed:
        return False
    below = index + 1
    while below < len(rows) and rows[below].kind == "blank" and below < index + 3:
        below += 1
    return below < len(rows) and rows[below].listed and rows[below].column >= row.column


def _siblings(crowd: Crowd, rows: list[Row]) -> None:
    """A list with a full name on one side of every item, or full names only, is one of people."""
    for run in _runs(rows):
        left, right, alone = [], [], []
        for row in run:
            label = row.label
            if label is None:
                alone.append(row.words)
                continue
            if _ADDRESS.match(row.words, label.end):
                continue  # a link and its title
            if squeeze(label.name) not in crowd.lexicon.everyone:
                left.append(label.name)
                right.append(row.words[label.end :])
        for side, where in ((left, "before"), (right, "behind"), (alone, "as")):
            if len(side) == len(run) or (where == "before" and not alone):
                _sibling_names(crowd, run, side, where)


def _sibling_names(crowd: Crowd, run: list[Row], side: list[str], where: str) -> None:
    if any(len(text) > LONGEST for text in side):
        return
    names: list[str] = []
    given = 0
    for text in side:
        for part in _SPLIT.split(_ASIDE.sub("", text).strip(" .|\\")):
            name = _bare(crowd, part)
            if not (crowd.why(name) or _full_name(crowd, name)):
                if not _given_name(crowd, name):
                    return
                given += 1
            names.append(name)
    distinct = set(names)
    # A given name alone proves nothing; beside two people it is another's.
    if given and sum(bool(crowd.why(name)) for name in distinct) < 2:
        return
    if len(distinct) >= 2:
        kind = "name" if given else "full name"
        reason = f"line {run[0].line.number}: a list with a {kind} {where} every item"
        for name in names:
            crowd.knows(name, reason)


def _scribed(crowd: Crowd, rows: list[Row]) -> None:
    """`<robin> …` in a note with `Topic:` or `RESOLUTION:`: nicks in a log of a chat."""
    said = [
        (label.name, row.line.number)
        for row in rows
        if row.kind == "words" and row.words.startswith("<")
        if (label := row.label) and shape_of(label.name) in ("nick", "latin", "initials")
    ]
    if len({name for name, _ in said}) >= 2 and any(
        row.kind == "words" and _SCRIBE.match(row.words) for row in rows
    ):
        for name, number in said:
            crowd.knows(name, f"line {number}: a nick in the log of a chat")


def _runs(rows: list[Row]) -> Iterator[list[Row]]:
    """Lines of one mark that follow one another at one column; what stands deeper is between."""
    open_runs: list[list[Row]] = []
    for row in rows:
        if row.kind == "blank":
            continue
        item = row.kind == "words" and not row.level
        while open_runs and (not item or open_runs[-1][0].column > row.column):
            yield open_runs.pop()
        if not item:
            continue
        if open_runs and open_runs[-1][0].column == row.column:
            if open_runs[-1][0].mark == row.mark:
                open_runs[-1].append(row)
                continue
            yield open_runs.pop()
        open_runs.append([row])
    yield from open_runs


def _assigned(crowd: Crowd, rows: list[Row]) -> None:
    """`이하늘 역할 : …` and `박구름 역할 : …`: two full names to whom something is assigned."""
    found = []
    for row in rows:
        label = row.label if row.kind == "words" else None
        role = crowd.lexicon.assigned.search(label.name) if label else None
        if label and role and _full_name(crowd, name := label.name[: role.start()].strip()):
            found.append((name, row.line.number))
    if len({name for name, _ in found}) >= 2:
        for name, number in found:
            crowd.knows(name, f"line {number} assigns something to the name")


# --- labels that come again and again -------------------------------------------------------------


def _recurring(crowd: Crowd, rows: list[Row]) -> None:
    """Labels of one form all of which look like names, and which come again, are speakers'."""
    _over_fields(crowd, rows)
    forms: dict[tuple[str, object], Counter[str]] = {}
    owner: Row | None = None
    for index, row in enumerate(rows):
        if row.kind != "words":
            continue
        if owner and row.column <= owner.column:
            owner = None
        form = _labelled(crowd, rows, index)
        if owner and form:
            continue  # a field of what somebody says: `Done: …` below `Robin:`
        if form and form[1] == ":" and row.words.endswith((":", "：")) and crowd.why(form[0]):
            owner = row
        if form is not None:
            name, sign = form
            key = (sign, row.mark or row.level) if sign != "alone" else (sign, row.column)
            forms.setdefault(key, Counter()).update(
                _bare(crowd, part) for part in _SPLIT.split(name) if part
            )
    for (sign, _), seen in forms.items():
        for shapes in _KINDRED:
            _speakers(crowd, seen, sign, shapes)
    _in_two_forms(crowd, rows, forms)


def _over_fields(crowd: Crowd, rows: list[Row]) -> None:
    """`Robin:` and `Sky Field:`, over lines each of which has a label: those who report, in turn.

    Two of the names come again; a full name may have the first name, or the initials, of another.
    """
    over: Counter[str] = Counter()
    for index, row in enumerate(rows):
        if row.kind == "words" and not row.listed and not row.level and row.words.endswith(":"):
            name = row.words.rstrip(": \t")
            below = rows[index + 1] if index + 1 < len(rows) else None
            nested = below is not None and below.kind == "words" and below.column > row.column
            if nested and below is not None and below.label:
                over[name] += 1
    names = [name for name in over if shape_of(name) in ("latin", "initials")]
    again = [name for name in names if over[name] >= 2 and not _means_something(crowd, name)]
    if len(again) < 2 or sum(over.values()) < 5 or len(names) < 0.75 * len(over):
        return
    short = {word for name in again for word in (name, name.split()[0])}
    for name in names:
        words = name.split()
        initials = "".join(word[0] for word in words)
        if name in again or (len(words) > 1 and {words[0], initials} & short):
            crowd.knows(name, "labels like this one, over lines with labels, come again")


def _in_two_forms(
    crowd: Crowd, rows: list[Row], forms: dict[tuple[str, object], Counter[str]]
) -> None:
    """`현수 : …` and `인서 : …` above, `현수 - …` and `인서 - …` below: what two lists share."""
    titles = Counter(row.words for row in rows if row.framed)
    seen = [set(each) for each in (*forms.values(), titles)]
    often = Counter(name for names in seen for name in names)
    twice = {
        name
        for name, count in often.items()
        if count >= 2
        and shape_of(name) in ("given", "full")
        and not _means_something(crowd, name)
        and name not in crowd.lexicon.common
    }
    if len(twice) < 2:
        return
    for names in seen:
        shared = names & twice
        if len(shared) >= 2 and len(shared) >= 0.75 * len(names):
            for name in shared:
                crowd.knows(name, "two lists of the note have the name as a label")


def _labelled(crowd: Crowd, rows: list[Row], index: int) -> tuple[str, str] | None:
    """What may be a speaker before what is said, and the sign that sets it off."""
    row = rows[index]
    label = row.label
    if label is None:
        following = rows[index + 1] if index + 1 < len(rows) else None
        over = following and following.kind == "words" and following.column > row.column
        if (over and (row.listed or not row.level)) and len(row.words) <= MOST_ALONE:
            return _bare(crowd, row.words), "alone"
        return None
    if row.level and label.sign != ":":
        return None
    if row.words.startswith(("http://", "https://", "[", "<"), label.end):
        return None
    return _bare(crowd, label.name), label.sign


_KINDRED: tuple[frozenset[str], ...] = tuple(
    map(frozenset, (("full", "given"), ("latin", "initials"), ("nick", "latin"), ("kanji",)))
)
"""Names of one group look alike: shapes that may stand side by side."""


def _speakers(crowd: Crowd, seen: Counter[str], sign: str, shapes: frozenset[str]) -> None:
    """Take labels for speakers when nearly all that is set off like them looks like names."""
    like = {
        name: count
        for name, count in seen.items()
        if crowd.why(name) or (shape_of(name) in shapes and not _means_something(crowd, name))
    }
    # `지원` is a word and a name: it is somebody's only where the others' are names.
    names = {name: count for name, count in like.items() if name not in crowd.lexicon.common}
    total = sum(count for name, count in seen.items() if not name[:1].isdigit())
    alike = sum(names.values())
    again = [name for name, count in names.items() if count >= 2]
    hangul = "given" in shapes
    share = 0.75 if hangul else 0.6
    if alike < share * total:
        return
    enough = len(again) >= 2 and alike >= 5
    if "nick" in shapes:  # `loss: 3`, `epoch: 7`: any word of a log looks like one
        needed = 0.8 if sign in "([<" else 0.9
        enough = enough and alike >= needed * total and len(again) >= 0.5 * len(names)
    if hangul:
        full = sum(shape_of(name) == "full" for name in names)
        enough = enough or len(names) >= 4 or (full >= 2 and alike >= 3)
    if not enough:
        return
    for name in like:
        if hangul or name in again:
            crowd.knows(name, "labels like this one come again and again")


def _full_name(crowd: Crowd, name: str) -> bool:
    """Whether `name` has the letters of a Korean full name, and is no word."""
    lexicon = crowd.lexicon
    return shape_of(name) == "full" and name not in lexicon.nobody and name not in lexicon.common


def _given_name(crowd: Crowd, name: str) -> bool:
    """Whether `name` has the letters of a Korean given name, and is no word."""
    common = crowd.lexicon.common
    return shape_of(name) == "given" and name not in common and not _means_something(crowd, name)


def _means_something(crowd: Crowd, name: str) -> bool:
    """Whether a label has a meaning of its own, and so is no name."""
    word, lexicon = squeeze(name), crowd.lexicon
    return (
        word in lexicon.nobody
        or squeeze(name.split(maxsplit=1)[0]) in lexicon.marks
        or word in lexicon.marks
        or word in lexicon.attendees
        or crowd.is_role(name)
        or lexicon.section(name) is not None
    )
