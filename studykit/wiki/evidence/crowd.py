"""The people of a note, each with the reason to think so, and what names a text lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TypeVar

from studykit.wiki.lexicon import Lexicon, squeeze
from studykit.wiki.lines import Line
from studykit.wiki.names import (
    begins_as_full,
    is_short_full,
    is_spaced_full,
    listed_shape,
    long_given,
    shape_of,
)
from studykit.wiki.rows import Row
from studykit.wiki.times import is_day

__all__ = [
    "ASIDE",
    "LONGEST",
    "SPLIT",
    "Crowd",
    "bare_name",
    "employed_names",
    "full_names",
    "honoured",
    "is_full_name",
    "is_given_name",
    "is_no_name",
    "is_usual_name",
    "may_be_full",
    "means_something",
    "names_in",
    "parts_of",
    "person",
    "stands_small",
    "stated_names",
    "take_short",
    "with_honour",
    "without_elder",
    "without_kin",
]

Found = TypeVar("Found")

LONGEST = 200
"""No list of names on one line is longer."""
_TOPIC = re.compile(r"(?<=[一-龯])は(?=[一-龯])")
"""`担当は三浦さん` is a sentence, and no name."""
_HACKMD = re.compile(r"name=[ \t]*(?P<who>[^\W\d_][^\[\]()=]{0,40})")
_HANDLE = re.compile(r"@(?:[A-Za-z][\w.-]|\d[\w.-]{0,8}[A-Za-z])[\w.-]{0,38}", re.ASCII)
SPLIT = re.compile(
    r"[ \t]*(?:,(?:[ \t]+(?:and|&)(?=[ \t]))?"
    r"|、|，|&|＆|·|ㆍ|(?<=[\u4e00-\u9fff\u3041-\u309f])・(?=[^\W\d_])"
    r"|(?<=[^\W\d_])・(?=[\u4e00-\u9fff])"
    r"|/|\+| 및 | and |;)[ \t]*"
)
_PARTED = re.compile(r"[,、，&＆·ㆍ・/+;및]")
_ELDERS = re.compile(
    r"(?P<name>[가-힣]{2,3})(?:오빠|언니|누나|누|선배님?|형님)|(?P<senior>\S{1,8})先輩"
)
_ELDER_LETTERS = "빠니나누배님輩"
"""Those in which `_ELDERS` ends."""
_WITH = re.compile(r"(?<=[가-힣])(?:이?랑|이?하고|と)[ \t]*(?=[가-힣A-Z\u4e00-\u9fffァ-ヶ])")
ASIDE = re.compile(r"[ \t]*\([^()]{0,30}\)")
_LAST_ASIDE = re.compile(r"(?<=\S)[ \t]*\([^()]{1,30}\)$")
_GROUP = re.compile(r"[A-Za-z가-힣]{1,8}[ \t]?\|[ \t]*(?=[^|]+$)")  # `FE | 현수 : …`
_IDENTITY = re.compile(r"[A-Z]{1,2}\d{3,5}[ \t_-]*(?=[^\W\d_])")
"""`J021 나래`, `J021_최나래`: the number that a camp gave to somebody."""
_CALLED_BY_NUMBER = re.compile(
    r"(?:[A-Z]{1,2}\d{3,5}[ \t_-]+)(?P<name>[가-힣]{2,4})"
    r"|(?P<before>[가-힣]{2,4})_[A-Z]{1,2}\d{3,5}"
)
_GIVEN_LAST = re.compile(r"[A-Z][a-z]{1,7}-[a-z]{1,7}")
_TITLED_NAME = re.compile(r"(?:[A-Z]\.|Dr\.?|Prof\.?|Mr\.?|Ms\.?|Mrs\.?) ")
"""`B. Field`, `Dr. Field`: people who are called by their family name."""
_NO_NAME = re.compile(r"[의를팀조부반들용적성화률율법점량값형식간장력리기드트]$")
_PICTURE_RANGES = r"\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff\ufe0f"
_PICTURES = re.compile(f"[{_PICTURE_RANGES}]")
_BESIDE = re.compile(rf"[{_PICTURE_RANGES} \t]+$|^[{_PICTURE_RANGES} \t]+")
_TITLED = 40
"""A full name with a title behind it is no longer."""
_LATELY = 256
_SMALL_WORD = re.compile(
    r"am|an|as|at|be|by|do|go|he|hi|if|in|is|it|me|my|no|of|oh|ok|on|or|so|to|up|us|we"
)
"""Initials may have their letters."""
_ANNOTATION = re.compile(
    r"@(?=[A-Z][a-z]+[A-Z])[A-Za-z]*(?:Component|Enable|Config|Bean|Service|Controller|Repository"
    r"|Mapping|Param|Test|Entity|Request|Response|Transactional|Value|Property|Object|State|Class)"
    r"[A-Za-z]*"
)
_COUNTS = re.compile(r"[A-Za-z]{1,2}\d{1,2}|第.{1,4}")
"""`T0`, `第一步`: one of several that are counted."""
_ENDS_AS_WORD = re.compile(
    r"[가-힣](?:기식|방식|형식|사항|공유|논의|안건|내용|상황|일정|공지|계획|회고|메모|링크|자료|목표)$"
    r"|[a-z](?:View|Controller|Model|Service|Manager|Page|Button|Cell|Data|List|Test|Server|Client"
    r"|A[Pp][Ii])$"
)
"""`공유사항`, `SuggestionView`: no name ends so."""
_FULL = 3
"""The syllables of nearly every Korean full name."""


_SMALL = re.compile(r"(?<![\w@.])\w+(?![\w@])")


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
    scribed: dict[int, str] = field(default_factory=dict)
    """The lines of a chat's log, `<robin> …`, with the nick."""
    scribes: set[str] = field(default_factory=set)
    """The nicks of those who wrote down in a chat what others said."""
    exported: set[int] = field(default_factory=set)
    """The lines of a chat as a messenger exports it: each begins something else."""
    chat: dict[int, str] = field(default_factory=dict)
    """The lines of a name and a time over what its bearer says in a chat."""
    reporting: dict[int, tuple[str, int]] = field(default_factory=dict)
    """The lines that begin with a name alone: whose, and where what is said begins."""
    signed: dict[int, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    """The lines that end in who said them, and where what was said ends."""
    filled: dict[int, tuple[tuple[str, ...], int, str]] = field(default_factory=dict)
    """The lines over a whole part, `Name: Robin`: whose it is, how many rows it has, and why."""
    addressed: dict[int, str] = field(default_factory=dict)
    """The lines `robin to sky` over what is said, and who says it."""
    letters: set[int] = field(default_factory=set)
    """Those of them that say when, or to whom, somebody wrote what stands below."""
    small: set[str] | None = None
    """The words of the note, once somebody asks which of them it has in small letters."""
    rosters: set[int] = field(default_factory=set)
    """The rows of tables that say who the members are."""
    owing: set[int] = field(default_factory=set)
    """The lines that end in whose something is, and by when: `(하늘, 3/14까지)`."""
    alone: set[int] = field(default_factory=set)
    """The lines of a name alone over what its bearer says, in a list or not."""
    mentioned: set[str] = field(default_factory=set)
    """What stands before 님 in a sentence and has not the letters of a usual name."""
    handles: set[str] = field(default_factory=set)
    """Those who stand before what they say, `- @robin …`, and elsewhere over it."""
    ticked: dict[int, tuple[tuple[str, ...], tuple[int, int]]] = field(default_factory=dict)
    """The tick boxes of what somebody presents: who, and where in the words the title is."""
    owed: set[int] = field(default_factory=set)
    """The headings that are names, over lists of what their bearers are to do."""
    due: set[int] = field(default_factory=set)
    """The lines of a name, a sign and what its bearer is to do, in a log of such lines."""
    presenting: dict[str, str] = field(default_factory=dict)
    """The handles behind `by @` at the end of lists' items."""
    asked: dict[str, tuple[tuple[str, ...], str]] = field(default_factory=dict, repr=False)
    """What `names_in` said lately: several rules ask in turn about one text."""
    roles: dict[str, bool] = field(default_factory=dict, repr=False)
    """What `is_role` said lately."""
    meanings: dict[str, bool] = field(default_factory=dict, repr=False)
    """What `means_something` said lately."""
    bare: dict[str, str] = field(default_factory=dict, repr=False)
    """What `bare_name` said lately."""

    def why(self, written: str) -> str | None:
        """The reason for which `written` is a person, or None.

        Args:
            written: A name as the note has it, without 님.
        """
        name = written.removeprefix("@")
        reason = self.reasons.get(squeeze(name))
        if reason is None and self.canonical(written):
            reason = "people.toml has the name"
        return None if not reason or not name or self.is_role(name) else reason

    def is_role(self, name: str) -> bool:
        """Whether `name` is what somebody does, not who they are."""
        return _lately(self.roles, name, self._is_role)

    def _is_role(self, name: str) -> bool:
        folded = name.casefold()
        return (
            folded.endswith(self.lexicon.roles)
            or folded in self.lexicon.single_roles
            or squeeze(name) in self.lexicon.everyone
        )

    def _no_word(self, name: str) -> bool:
        return name not in self.lexicon.nobody and name not in self.lexicon.common

    def knows(self, name: str, reason: str) -> None:
        """Note that `name` is a person's; a Korean full name is also known by its given name."""
        if self.is_role(name) or name.casefold() in self.lexicon.writer:
            return
        self.asked.clear()
        self.reasons.setdefault(squeeze(name), reason)
        name = name.replace(" ", "") if is_spaced_full(name) else name
        given = long_given(name)
        if not given and len(name) == 3 and begins_as_full(name) and self._no_word(name[1:]):
            self.reasons.setdefault(name[1:], reason)
        elif given and self._no_word(given):
            self.reasons.setdefault(given, reason)
        elif len(words := name.split()) > 1 and shape_of(name) == "latin":
            # Minutes call people by their first name or their initials.
            self.reasons.setdefault(squeeze(words[0]), reason)
            if _GIVEN_LAST.fullmatch(words[-1]):  # `Kwon Jae-in`
                self.reasons.setdefault(squeeze(words[-1]), reason)
            initials = "".join(word[0] for word in words).casefold()
            if not _SMALL_WORD.fullmatch(initials):  # `do the maps`, where `D. Okafor` was there
                self.reasons.setdefault(initials, reason)
            if _TITLED_NAME.match(name) and len(words[-1]) > _FULL:
                self.reasons.setdefault(squeeze(words[-1]), reason)

    def was_there(self, line: Line, name: str, reason: str = "") -> None:
        """Note whom a line lists as present."""
        self.attendees.append((line.start, name))
        self.knows(name, reason or f"line {line.number} lists {name} among the attendees")


def _lately(memory: dict[str, Found], text: str, find: Callable[[str], Found]) -> Found:
    """What was found of a text lately, else what is found now: rules ask in turn about one text."""
    if (known := memory.get(text)) is None:
        if len(memory) == _LATELY:
            memory.clear()
        memory[text] = known = find(text)
    return known


def take_short(crowd: Crowd) -> None:
    """`건 : …`, whom the note lists as `박건` or `박 건` among full names of three syllables."""
    if sum(len(name) == _FULL and is_full_name(crowd, name) for _, name in crowd.attendees) < 2:
        return
    for _, name in crowd.attendees:
        full = name.replace(" ", "")
        if is_short_full(full) and full[1] not in crowd.lexicon.common | crowd.lexicon.nobody:
            crowd.reasons.setdefault(full[1], crowd.why(name) or "")


def names_in(crowd: Crowd, text: str) -> tuple[tuple[str, ...], str]:
    """The people whom `text` lists, with the first one's reason; none if it holds more.

    Examples:
        >>> from studykit.wiki.lexicon import load_lexicon
        >>> names_in(Crowd(load_lexicon()), "현수님, 인서님")
        (('현수', '인서'), '님 stands behind the name')
    """
    return _lately(crowd.asked, text, partial(_names_in, crowd))


def _names_in(crowd: Crowd, text: str) -> tuple[tuple[str, ...], str]:
    found: list[str] = []
    first = ""
    aside = "(" in text and text.lstrip(" \t")[:1] not in "(["
    text = text.strip(" \t" if aside else " \t()[]")
    if not text or len(text) > LONGEST:
        return (), ""
    if aside and text.endswith(")") and text.count("(") == 1:
        me = WRITER.fullmatch(text)  # `나(하늘)`; `이하늘 (1, 2번)`
        text = me["name"] if me else text.partition("(")[0].rstrip()
    for part in parts_of(text):
        if part.casefold() in crowd.lexicon.writer:
            continue  # whoever writes, whose name the note may have elsewhere
        name, reason = person(crowd, part)
        # `하늘 구름 : …`, `하늘이랑 구름`, where the note knows both
        several: list[str] = []
        if not name and not part.isascii():
            joined = "랑" in part or "하고" in part or "と" in part
            words = (_WITH.sub(" ", part) if joined else part).split()
            several = [word.removeprefix("@") for word in words] if len(words) > 1 else []
        if not name and (len(several) < 2 or not all(map(crowd.why, several))):
            return (), ""
        found += [name] if name else several
        first = first or reason or crowd.why(several[0]) or ""
    return tuple(dict.fromkeys(found)), first


def parts_of(text: str) -> list[str]:
    """What `SPLIT` makes of a text: most have none of the signs that it looks for."""
    return SPLIT.split(text) if _PARTED.search(text) or " and " in text else [text]


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
    parts = SPLIT.split(text.strip(" \t"))
    lexicon = crowd.lexicon
    if not all(
        listed_shape(part)
        and not part.isascii()
        and part not in lexicon.common
        and part not in lexicon.nobody
        and not crowd.is_role(part)
        and not means_something(crowd, part)
        for part in parts
    ):
        return ()
    named = any(shape_of(part) in ("full", "given", "kanji") for part in parts)
    return tuple(dict.fromkeys(parts)) if named else ()


def full_names(crowd: Crowd, text: str) -> tuple[str, ...]:
    """The people whom `text` lists by nothing but Korean full names, or names with evidence."""
    if found := names_in(crowd, text)[0]:
        return found
    parts = SPLIT.split(text.strip(" \t"))
    good = all(is_full_name(crowd, part) or crowd.why(part) for part in parts)
    return tuple(dict.fromkeys(parts)) if good else ()


def employed_names(crowd: Crowd, text: str) -> tuple[str, ...]:
    """The people whom `나래연구소 이하늘, 최나래` lists, without whom they work for."""
    if " " not in text.strip() or len(text) > LONGEST // 2:
        return ()
    last = [part.rsplit(maxsplit=1)[-1] for part in SPLIT.split(text.strip(" \t")) if part]
    found = full_names(crowd, ", ".join(last))
    return found if len(found) == len(last) else ()


def person(crowd: Crowd, written: str) -> tuple[str, str]:
    """A name as written, without 님, and why it is a person's; two empty strings if it is none."""
    numbered = "_" in written or written.lstrip()[:1].isupper()
    if numbered and (identity := _CALLED_BY_NUMBER.fullmatch(written.strip())):
        name = identity["name"] or identity["before"]
        if name not in crowd.lexicon.common and not crowd.is_role(name):
            return name, "the number that a camp gave stands beside the name"
    written = _without_group(written)
    if written.startswith("@ "):
        written = "@" + written[1:].lstrip()
    if written.startswith("name=") and (marked := _HACKMD.fullmatch(written)):
        return marked["who"], "HackMD's mark of who says it"
    match = with_honour(crowd, written)
    if match and not crowd.is_role(match["name"]) and not _TOPIC.search(match["name"]):
        return match["name"], f"{written[match.end('name') :].strip()} stands behind the name"
    if match and crowd.canonical(written):
        return written, "people.toml has the name"
    if reason := crowd.why(written):
        return written.removeprefix("@"), reason
    bare = written.removesuffix("님")
    title = _titled(crowd, bare) if len(bare) <= _TITLED else None
    if title:
        name = bare[: title.start()]
        # `현수 캠퍼님`; `수정 캠퍼` may be a word and what somebody does.
        given = bare != written and title.group()[:1] == " " and is_given_name(crowd, name)
        if given or is_full_name(crowd, name) or crowd.why(name):
            return name, f"{written[title.start() :].strip()} stands behind the name"
    if (name := without_kin(crowd, written)) != written:  # `하늘 누나`, `현수형`
        if reason := crowd.why(name):
            return name, reason
        if " " in written and is_full_name(crowd, name):
            return name, "a full name, and what friends call somebody older"
    handle = _HANDLE.fullmatch(written) if written.startswith("@") else None
    if handle and not _ANNOTATION.fullmatch(written):  # `@ComponentScan`, of a program
        words = (crowd.lexicon.nobody, crowd.lexicon.terms, crowd.lexicon.everyone)
        if not any(squeeze(written[1:]) in each for each in words):  # `@property`
            return written.removeprefix("@"), "@ stands before the name"
    aside = _LAST_ASIDE.search(written) if written.endswith(")") else None
    if aside:  # `현수님 (AWS)`
        return person(crowd, written[: aside.start()])
    return "", ""


def without_kin(crowd: Crowd, written: str) -> str:
    """A name without what a younger one calls an older one: `하늘 누나`, `현수형`, `소민이형`."""
    if written[-1:] not in crowd.lexicon.kin_letters:
        return written
    kin = crowd.lexicon.kin.search(written)
    if kin is None or kin.start() < _FULL - 1:
        return written
    before = written[: kin.start()]
    name = before.rstrip()
    return name.removesuffix("이") if name == before and len(name) >= _FULL else name


def without_elder(name: str) -> str:
    """A name without what nobody's name ends in: `태경오빠`, `현주언니`."""
    elder = _ELDERS.fullmatch(name) if len(name) >= _FULL and name[-1] in _ELDER_LETTERS else None
    return (elder["name"] or elder["senior"]) if elder else name


def _without_group(written: str) -> str:
    """`FE | 현수` without the group, `현수🐻` without the picture that somebody chose."""
    name = _GROUP.sub("", written.strip()) if "|" in written else written.strip()
    name = name.strip("`") or name
    if name[:1].isupper() and (identity := _IDENTITY.match(name)):
        name = name[identity.end() :]
    elif "_" in name and (called := _CALLED_BY_NUMBER.fullmatch(name)):
        name = called["before"] or name
    if name.isascii() or name.isalpha() or len(name) > LONGEST or not _PICTURES.search(name):
        return name
    return _BESIDE.sub("", name) or name


@cache
def honoured(honorific: str) -> re.Pattern[str]:
    """A name and what honours it; of at most twelve letters, so no sentence that ends in 님.

    Nobody is called `ぐっさん` or `ふーちゃん` without what honours them.
    """
    return re.compile(
        r"(?!.쌤$)@?(?P<name>[^\W\d_]{1,12}?|[A-Za-z0-9][A-Za-z0-9_.-]{1,24}?)"  # `김쌤`
        rf"(?<!っ)(?!(?<=ー)ちゃん)[ \t]?{honorific}"
    )


WRITER = re.compile(r"(?:나|저|me|わたし|私|僕)[ \t]?\((?P<name>[^()\s,]{2,12})\)")
"""`나(하늘)`: who writes."""
_STYLED = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms)\.?[ \t]+(?=[A-Z])")


def with_honour(crowd: Crowd, written: str) -> re.Match[str] | None:
    """The name that `written` is with what honours it, `하늘님`; None where it is none."""
    if written[-1:] not in crowd.lexicon.honour_letters:
        return None
    return honoured(crowd.lexicon.honorific).fullmatch(written)


def _titled(crowd: Crowd, written: str) -> re.Match[str] | None:
    """The title that stands behind a name, if there is one."""
    lexicon = crowd.lexicon
    return lexicon.title.search(written) if written[-1:] in lexicon.title_letters else None


def bare_name(crowd: Crowd, written: str) -> str:
    """A name as written, without 님 or a title behind it."""
    return _lately(crowd.bare, written, partial(_bare_name, crowd))


def _bare_name(crowd: Crowd, written: str) -> str:
    written = _without_group(written)
    if written[-1:] == ")" and (me := WRITER.fullmatch(written)):
        return me["name"]
    written = _STYLED.sub("", written) if written[:1] in ("D", "P", "M") else written
    match = with_honour(crowd, written)
    name = match["name"] if match else written.removeprefix("@")
    if (younger := without_elder(name)) != name:
        return younger
    if shape_of(name) is None and (title := _titled(crowd, name.removesuffix("님"))):
        bare = name[: title.start()].strip()
        joined = bool(title.group().strip() == title.group()) and is_no_name(crowd, bare)
        name = name if joined or not bare else bare  # `지도교수` is a role
    return name


def is_full_name(crowd: Crowd, name: str) -> bool:
    """Whether `name` has the letters of a Korean full name, and is no word."""
    if shape_of(name) != "full":
        return False
    lexicon = crowd.lexicon
    if name in lexicon.nobody or name in lexicon.common or name in lexicon.terms:
        return False
    return lexicon.days.match(name) is None and lexicon.when.match(name) is None  # `오늘은`


def is_given_name(crowd: Crowd, name: str) -> bool:
    """Whether `name` has the letters of a Korean given name, and is no word."""
    common = crowd.lexicon.common
    return shape_of(name) == "given" and name not in common and not means_something(crowd, name)


def is_no_name(crowd: Crowd, name: str) -> bool:
    """Whether `name` is a word, a day or what says that there is nobody."""
    return (
        name in crowd.lexicon.common
        or says_nobody(crowd, name)
        or means_something(crowd, name)
        or is_day(name)
    )


def is_usual_name(crowd: Crowd, name: str) -> bool:
    """Whether `name` has the letters of a Korean full or given name, and is no word."""
    return is_full_name(crowd, name) or is_given_name(crowd, name)


def may_be_full(crowd: Crowd, name: str) -> bool:
    """Whether `조도흔` or `허준` could be a full name with rare letters, or of two syllables."""
    if not begins_as_full(name) or not (len(name) == _FULL or is_short_full(name)):
        return False
    return not (
        _NO_NAME.search(name)
        or crowd.lexicon.work.search(name)
        or name in crowd.lexicon.common
        or means_something(crowd, name)
    )


def stands_small(crowd: Crowd, rows: Iterable[Row], names: Iterable[str]) -> bool:
    """Whether the note has one of the names in small letters as well, as it has words."""
    if crowd.small is None:
        words = (row.words for row in rows if row.kind == "words")
        crowd.small = {word for line in words for word in _SMALL.findall(line)}
    return any(crowd.small.issuperset(_SMALL.findall(name.lower())) for name in names)


def says_nobody(crowd: Crowd, name: str) -> bool:
    """`없음`, `온라인`: what stands where names would."""
    word, lexicon = squeeze(name), crowd.lexicon
    return word in lexicon.nothing or word in lexicon.nobody or name in lexicon.common


def means_something(crowd: Crowd, name: str) -> bool:
    """Whether a label has a meaning of its own, and so is no name."""
    return _lately(crowd.meanings, name, partial(_means_something, crowd))


def _means_something(crowd: Crowd, name: str) -> bool:
    word, lexicon = squeeze(name), crowd.lexicon
    return (
        word in lexicon.nobody
        or word in lexicon.terms
        or word in lexicon.disciplines
        or (
            " " in name
            and name.isascii()
            and any(
                each in lexicon.terms or each in lexicon.nobody for each in name.lower().split()
            )
        )
        or _COUNTS.fullmatch(name) is not None
        or lexicon.days.fullmatch(name) is not None
        or lexicon.when.fullmatch(name) is not None
        or _ENDS_AS_WORD.search(name) is not None
        or squeeze(name.strip().partition(" ")[0]) in lexicon.marks
        or word in lexicon.marks
        or word in lexicon.attendees
        or crowd.is_role(name)
        or lexicon.section(name) is not None
    )
