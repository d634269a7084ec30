"""The words by which notes say what a line is, as data: one TOML file a language.

All languages are read at once: a Korean note may say `TODO`, and nobody has to say which it is.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from itertools import product
from typing import Any, Literal, get_args

__all__ = ["LANGUAGES", "Lexicon", "SectionKind", "load_lexicon", "squeeze"]

LANGUAGES = ("ko", "en", "ja")

SectionKind = Literal["question", "link", "task", "decision", "talk", "plan", "asking", "topics"]
"""What stands below a label. Three names only suggest it: in a plan (`다음 회의`) what reads like a
task is one, where questions are one matter of several (`강의 리뷰 및 질문`) what asks is one, and
of topics (`안건`) `일정 확정` is a matter that is to be settled.
"""

_KINDS: tuple[SectionKind, ...] = get_args(SectionKind)
_COMPOSED = ("ahead", "now", "each")
_MARKS = ("question", "answer", "decision", "task", "talk", "asked_by")
_JOINS = re.compile(r"[및a&/·과와と及お・]")
"""What all that joins two names has one of."""
_Q_AND_A = re.compile(r"\bQ ?& ?A\b", re.IGNORECASE)
_WAVES = re.compile(r"~{2,}(?=[ \t])|[★☆]+(?=[ \t]*\()")
_NTH = re.compile(
    r"(?:제?[ ]?\d{1,2}[ ]?(?:주차|회차|차시)|week ?\d{1,2}|第\d{1,2}[回週])[ \t:.-]+(?=\S)",
    re.IGNORECASE,
)
"""`3주차 질문거리`."""
_HOW_MANY = re.compile(r"(?<=\S)(?:[ \t]*\d{1,2}[ ]?(?:가지|개|건))$")
"""`질문 3가지`."""
_MORE = re.compile(r"(?<=\S)(?:[ \t]+등|等|など)$")
"""`준비물 등`: and what else there is."""
_UNTIL_DAY = re.compile(r"[ \t]*~[ \t]*\d{1,2}[/.]\d{1,2}$")
_BEFORE = re.compile(
    r"[ \t](?:before|by|b4|for)[ \t](?:(?:next[ \t])?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
    r"|(?:the[ \t])?\d{1,2}(?:st|nd|rd|th)"
    r"|\d{1,2}[ \t](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ \t]\d{1,2})$",
    re.IGNORECASE,
)
_NEXT_MEETING = re.compile(
    r"[ \t]+(?:by|before|for|until) (?:the )?next (?:meeting|week|session|call|time|class)"
    r"(?:[ \t]*[:,(].{0,48})?$",
    re.IGNORECASE,
)
_TODAY = re.compile(r"(?<=\w) (?:for )?(?:today|tonight|tomorrow)$", re.IGNORECASE)
_JOINED = re.compile(
    r"[ \t]+(?:및|and|&|/|·|と)[ \t]+|[/&]|(?<=(?:내용|사항))[과와][ \t]+"
    r"|(?<=[一-龯])(?:と|及び|および|・)(?=[一-龯]|お願い)"
)
_LONGEST = 30
_QUESTIONS_FOR = re.compile(r"(?:our |the )?questions (?:for|to) [^.?]{3,60}$", re.IGNORECASE)
"""`Questions for the author when she comes in April`."""
_ASIDE = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LAST_ASIDE = re.compile(r"(?<=\S)[ \t]*[(\[（](?P<inside>[^()\[\]（）]{2,30})[)\]）]$")
_I_PLAN = re.compile(
    r"what (?:do |will |am |are |did )?(?:i|we|you)(?:'ll)? ?"
    r"(?:plan(?:ning)?|will|intend|going)?(?: to)? (?:do|work on|get done)\b"
    r"(?=.*\b(?:next|today|tomorrow|until|before)\b)",
    re.IGNORECASE,
)
_MATTER = re.compile(
    r"(?:안건|의제|논의|議題|agenda|item)[ \t]*\d{1,2}[ \t]*[-–—:.),]+[ \t]*", re.IGNORECASE
)
"""`안건 1 - 질문`: which of several matters it is."""
_FOLLOWS = re.compile(
    r"(?<=[가-힣])(?:은|는)(?:[ \t]*(?:다음|아래)(?:과|와) 같(?:음|다|습니다|아요))?[ \t.]*$"
)
"""`할 일은 다음과 같음.`, or `숙제는` alone over the list."""
_STILL_OPEN = re.compile(r"(?:^|[ \t])(?:안|못|아직|덜|미)[ \t]|못[정결합]")
"""`아직 안 정해진 것`."""
_ISSUES = re.compile(r"[ \t]*(?:課題|과제)[ \t]*")
_FOUND = re.compile(r"結果|考察|現状|成果|결과|고찰|현황|한계")
_SETTLED = re.compile(r"(?:선정|설정|수립|결정|확정)$")
_ADDRESS = re.compile(r"[ \t]+[(<]?https?://\S+$")
_ASIDES = re.compile(r"(?:[ \t]*\([^()]{0,200}\)[\s.]*){1,3}$")
_PICTURES = r"\u2600-\u27bf\ufe0f\U0001f300-\U0001faff"
_CLOSES = " \t\n\r\x0b\x0c.!~)\\"
"""What may stand behind an end."""
_TAIL = 40
_WIDE = 600
_LATELY = 1024
_SHORT = 64


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words ready to match: names squeezed, the rest as patterns."""

    sections: dict[str, SectionKind]
    ends: dict[str, SectionKind]
    composed: dict[str, re.Pattern[str]]
    """Where a name that is put together begins: of what is ahead, of now, of each."""
    held: dict[str, dict[str, SectionKind]]
    """What such a name then says."""
    doing: re.Pattern[str]
    end: re.Pattern[str]
    last_words: re.Pattern[str]
    tails: tuple[str, ...]
    """What `end` and `last_words` end in: seen at once, and most lines end in none of them."""
    last_letters: frozenset[str]
    """Those of the tails."""
    held_letters: frozenset[str]
    """The last letters of what a name that is put together may say."""
    first_words: re.Pattern[str]
    questions: re.Pattern[str]
    past: re.Pattern[str]
    lookalikes: re.Pattern[str]
    """What only has the letters of `past` or `agenda`: `미완료`, `수정할`."""
    future: re.Pattern[str]
    agenda: re.Pattern[str]
    discussion: frozenset[str]
    lists: frozenset[str]
    titles: frozenset[str]
    modifier: re.Pattern[str]
    marks: dict[str, str]
    first_letters: frozenset[str]
    """Those of the marks: most lines begin with none of them."""
    honorific: str
    honour_letters: frozenset[str]
    """The last letters of what honours somebody: most words end in none of them."""
    roles: tuple[str, ...]
    """What a role, or a name with one behind it, ends in: `박찬우 멘토`."""
    single_roles: frozenset[str]
    """Of one syllable: roles only by themselves."""
    title: re.Pattern[str]
    title_letters: frozenset[str]
    """The last letters of titles."""
    assigned: re.Pattern[str]
    view: re.Pattern[str]
    attendees: frozenset[str]
    absent: frozenset[str]
    came: re.Pattern[str]
    """How a line says that those whom it lists came."""
    away: re.Pattern[str]
    newcomers: frozenset[str]
    writer: frozenset[str]
    kin: re.Pattern[str]
    """What a name may have behind it among friends: `하늘오빠`."""
    kin_letters: frozenset[str]
    there: re.Pattern[str]
    """How the words of `attendees` and `absent` begin: most lines have none of them."""
    offices: frozenset[str]
    columns: frozenset[str]
    beside: frozenset[str]
    about: frozenset[str]
    """What heads a column beside names, in a table of members."""
    matters: frozenset[str]
    charged: frozenset[str]
    saying: frozenset[str]
    """What heads the last column of a table of what was said: who says so."""
    deadlines: frozenset[str]
    due_columns: frozenset[str]
    """The deadlines that head a column of nothing but when something is due."""
    remarks: frozenset[str]
    following: re.Pattern[str]
    named: frozenset[str]
    """The field of a form for who fills it in."""
    everyone: frozenset[str]
    rounds: re.Pattern[str]
    says: re.Pattern[str]
    """What stands between somebody's name and what they say."""
    ideas: re.Pattern[str]
    of_each: re.Pattern[str]
    felt: re.Pattern[str]
    either: frozenset[str]
    talk: re.Pattern[str]
    presenter: frozenset[str]
    presents: re.Pattern[str]
    """The words of `talk`, `presenter` and `lecturers`."""
    lecturers: frozenset[str]
    talk_lists: frozenset[str]
    """What may head a list of talks, or what was said of one."""
    talk_label: re.Pattern[str]
    """Any label of talks, anywhere: most lines have none."""
    subjects: frozenset[str]
    texts: frozenset[str]
    """What heads the column of what is to be presented, in a table with days."""
    orders: frozenset[str]
    """What labels a line of who presents, one behind the other."""
    slides: frozenset[str]
    """What labels the address of what was shown in a talk."""
    volunteer: re.Pattern[str]
    closing: re.Pattern[str]
    settled: re.Pattern[str]
    settles: re.Pattern[str]
    midway: re.Pattern[str]
    still_open: re.Pattern[str]
    told: re.Pattern[str]
    reasons: frozenset[str]
    aspects: re.Pattern[str]
    todo: re.Pattern[str]
    to_do_letters: frozenset[str]
    doing_letters: frozenset[str]
    """The last letters of what `todo` finds, and of what `todo` or `work` does."""
    todo_alone: re.Pattern[str]
    todo_asked: re.Pattern[str]
    stems: re.Pattern[str]
    """How verbs of work begin, or in English what they are: `올리`, `정리`, `share`."""
    news: re.Pattern[str]
    work: re.Pattern[str]
    begins: re.Pattern[str]
    components: re.Pattern[str]
    disciplines: frozenset[str]
    """What a thing that is built has: who stands behind one is to build it."""
    did: frozenset[str]
    """What labels what somebody did since the last time."""
    today: frozenset[str]
    """What labels, beside `did`, what somebody is going to do in a stand-up."""
    done: re.Pattern[str]
    until: re.Pattern[str]
    meeting: re.Pattern[str]
    when: re.Pattern[str]
    days: re.Pattern[str]
    weeks: dict[str, int]
    nothing: frozenset[str]
    nobody: frozenset[str]
    terms: frozenset[str]
    """What the field calls its models, methods and measures."""
    common: frozenset[str]
    asked: dict[str, SectionKind | Literal["new"] | None] = field(default_factory=dict, repr=False)
    """What `section` said lately: several rules ask in turn, and labels come again each week."""

    def is_to_do(self, words: str) -> bool:
        """Whether words end in what is to be done; brackets behind it say more about it.

        Examples:
            >>> lexicon = load_lexicon()
            >>> lexicon.is_to_do("지도 그리기 (3장)"), lexicon.is_to_do("지도 작성")
            (True, False)
        """
        tail = _tail(words)
        return tail.rstrip(_CLOSES)[-1:] in self.to_do_letters and bool(self.todo.search(tail))

    def is_doing(self, words: str) -> bool:
        """Whether words end in what is to be done, or in a noun of doing.

        Examples:
            >>> load_lexicon().is_doing("지도 작성"), load_lexicon().is_doing("지도")
            (True, False)
        """
        tail = _tail(words)
        if tail.rstrip(_CLOSES)[-1:] not in self.doing_letters:
            return False
        return self.todo.search(tail) is not None or self.work.search(tail) is not None

    def is_past(self, name: str) -> bool:
        """Whether a squeezed name tells what was, or is not to be, done.

        Examples:
            >>> load_lexicon().is_past("완료된작업"), load_lexicon().is_past("미완료과제")
            (True, False)
        """
        return self.past.search(self.lookalikes.sub(" ", name)) is not None

    def section(self, label: str) -> SectionKind | None:
        """The kind of section that `label` names, or None.

        Examples:
            >>> load_lexicon().section("금일 질문 사항"), load_lexicon().section("강의 관련 질문")
            ('question', 'question')
        """
        if len(label) > 60:  # a sentence, not a name
            return None
        kind = self.asked.get(label, "new")
        if kind == "new":
            if len(self.asked) >= _LATELY:
                self.asked.clear()
            kind = self.asked[label] = self._section(label)
        return kind

    def _section(self, label: str) -> SectionKind | None:
        if "~~" in label or "★" in label or "☆" in label:
            label = _WAVES.sub(" ", label)
        if "&" in label:
            label = _Q_AND_A.sub("QnA", label)  # its sign joins no two names
        if _I_PLAN.match(label):
            return "task"  # in a form that each fills in
        if "은" in label or "는" in label:
            label = _FOLLOWS.sub("", label)
        if matter := _MATTER.match(label):
            label = label[matter.end() :]
        due = _NEXT_MEETING.search(label) if "next" in label.lower() else None
        if due and squeeze(label[: due.start()]) in self.sections:
            label = label[: due.start()]  # `Action items by next meeting: 10pm`
        if ": " in label and len(squeeze(label)) > _LONGEST:
            label = label.rpartition(": ")[2]  # `구름 관찰 스터디 3회: 5장-7장 질의응답`
        names = _JOINED.split(label) if _JOINS.search(label) else [label]
        if len(names) > 1 and any(squeeze(name) in self.titles for name in names):
            return None  # `회의록 및 할 일` is the title of all that follows
        parts = [self._named(name) for name in names] if len(names) > 1 else []
        if kind := self._named(label):
            aside = _ASIDE.search(label) if kind in ("decision", "task", "plan") else None
            inside = self._named(aside.group()[1:-1]) if aside else None
            if (kind, inside) in (("decision", "task"), ("task", "question"), ("plan", "task")):
                return inside  # `결정 사항(공부할 것)`, `다음에 답할 것 (질문)`, `계획 (To-Do)`
            if parts and parts[-1] == kind:
                if set(parts) - {None, "plan", kind}:
                    return None  # `결정 및 할 일` would hold either: what its items are has to show
                if None in parts:
                    kind = self._beside(kind, names, parts)
            return "asking" if self._to_be_discussed(kind, label) else kind
        closed = label.endswith((")", "]", "）"))
        if (
            closed
            and (aside := _LAST_ASIDE.search(label))
            and (kind := self._aside(aside["inside"]))
        ):
            return kind
        if not parts:
            return None
        kinds = {kind for kind in parts if kind}
        if len(kinds) > 1:
            kinds.discard("plan")
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind == "question" and None in parts:
            return "asking"
        return self._beside(kind, names, parts) if None in parts else kind

    def _aside(self, inside: str) -> SectionKind | None:
        """`다음 걸음 (Action Items)`, `저장 방식 (확정)`: what brackets behind another name say."""
        name = squeeze(inside)
        kind = self.sections.get(name) if name in self.marks or name.isascii() else None
        # `특강 (AI)` is about what two letters are short for, and `현수 (담당)` is somebody.
        short = name.isascii() and len(name) < len("todo")
        return kind if kind in ("task", "decision") and not short else None

    def _beside(
        self, kind: SectionKind | None, names: list[str], parts: list[SectionKind | None]
    ) -> SectionKind | None:
        """What remains of a kind beside another name: `논의 및 결정 사항` has what was said."""
        if kind == "decision":
            return None
        if any(map(_ISSUES.fullmatch, names)) and any(map(_FOUND.search, names)):
            return None  # `検証結果と課題`: what was found, and is still a problem
        if kind == "task" and any(
            self.is_past(squeeze(name)) or squeeze(name).startswith(("어제", "전날", "지난"))
            for name, part in zip(names, parts, strict=True)
            if part is None
        ):
            return None  # `어제 리뷰 & 오늘 할 일` has what was done, too
        other = (name for name, part in zip(names, parts, strict=True) if part is None)
        # `목차 선정 및 분배` is what was done there and then.
        told = kind == "task" and any(
            squeeze(name) in self.discussion or _SETTLED.search(name) for name in other
        )
        return "plan" if told else kind

    def _to_be_discussed(self, kind: SectionKind | None, label: str) -> bool:
        """Whether what stands below is to be talked about: nothing to do or settled, but asked."""
        name = squeeze(label)
        if kind not in ("task", "decision", "plan") or self.doing.search(name):
            return False  # `수정할 것`
        if name in self.sections:
            return False
        return self.agenda.search(self.lookalikes.sub(" ", name)) is not None

    def _named(self, label: str) -> SectionKind | None:
        label = _ASIDE.sub("", label).strip()
        if "~" in label:
            label = _UNTIL_DAY.sub("", label)
        if label.isascii():
            label = _TODAY.sub("", label)  # `What we need to do today`
            label = _BEFORE.sub("", label)  # `TODO before Fri`
        if nth := _NTH.match(label):
            label = label[nth.end() :]
        if label.endswith(("가지", "개", "건")):
            label = _HOW_MANY.sub("", label)
        if label.endswith(("등", "等", "など")) and (more := _MORE.search(label)):
            kind = self._named(label[: more.start()])
            return None if kind == "decision" else kind  # not all below it is settled
        name = squeeze(label)
        if label.isascii() and _QUESTIONS_FOR.match(label):
            return "question"
        if len(name) > _LONGEST or name.startswith(("암기할", "외울", "외워야")):
            return None  # what is learned by heart
        if kind := self.sections.get(name):
            return kind  # whatever letters it has
        if modifier := self.modifier.match(name):
            kind = self.sections.get(name[modifier.end() :])
        if kind is None and name[-1:] in self.held_letters:
            kind = self._composed(name)
        if kind:
            # What was to be done last time is no new task.
            return None if kind in ("task", "plan") and self.is_past(name) else kind
        # `다음 회의까지 할 일 정리`: what the name ends in says what stands below it.
        found = None
        if name[-1:] in self.last_letters and name.endswith(self.tails):
            found = self.end.search(name) or self.last_words.search(label.casefold())
        if found is None and label[:1].isascii():
            folded = label.casefold()
            found = self.first_words.match(folded) or self.questions.match(folded)
        if found is None:
            return None
        kind = self.ends[squeeze(found["end"])]
        if kind == "decision" and _STILL_OPEN.search(label):
            return None
        if kind != "decision" and self.is_past(name):
            return None  # what was settled last time still is
        return "asking" if kind == "question" and found.re is self.end and found["filler"] else kind

    def _composed(self, name: str) -> SectionKind | None:
        """What `다음 주 작업`, `각자 남은 과제` or `수정할 사항` says."""
        if self.doing.search(name):
            return "task"
        found: list[str] = []
        rest = name
        while begun := next(
            (
                (table, match)
                for table, each in self.composed.items()
                if (match := each.match(rest))
            ),
            None,
        ):
            found.append(begun[0])
            rest = rest[begun[1].end() :]
        if not found:
            return None
        kind = self.sections.get(rest)
        if kind in ("task", "plan") and set(found) != {"each"}:
            return kind  # but `팀 역할` is what each is there for
        return next((self.held[table][rest] for table in found if rest in self.held[table]), None)


def _tail(words: str) -> str:
    """The end of words without brackets or an address that stand behind them."""
    end = words[-_WIDE:]
    if "://" in end:
        end = _ADDRESS.sub("", end)  # `글 읽어오기 https://…`
    return _ASIDES.sub("", end)[-_TAIL:] if end.rstrip(" \t.").endswith(")") else end[-_TAIL:]


def squeeze(text: str) -> str:
    """`text` without blanks and case, the form in which names are compared."""
    return _squeezed(text) if len(text) <= _SHORT else "".join(text.split()).casefold()


@lru_cache(maxsize=2048)
def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()


def load_lexicon(own: Mapping[str, Any] | None = None) -> Lexicon:
    """The words of all languages.

    Args:
        own: The group's own words, in the tables of the Korean file.

    Returns:
        The lexicon, compiled once.
    """
    return _compiled(json.dumps(own or {}, sort_keys=True))


@lru_cache(maxsize=8)
def _compiled(own: str) -> Lexicon:
    folder = resources.files(__name__)
    words = [
        tomllib.loads(folder.joinpath(f"{language}.toml").read_text("utf-8"))
        for language in LANGUAGES
    ]
    _add(words[0], json.loads(own))

    def every(table: str, key: str) -> Iterator[str]:
        for language in words:
            yield from language[table][key]

    def names(table: str, key: str) -> frozenset[str]:
        return frozenset(map(squeeze, every(table, key)))

    endings = {
        name.casefold(): kind
        for language in words
        for kind in _KINDS
        for name in language["sections"]["ends"].get(kind, ())
    }
    ends = {squeeze(name): kind for name, kind in endings.items()}
    held: dict[str, dict[str, SectionKind]] = {
        table: {
            squeeze(name): kind
            for language in words
            for kind in _KINDS
            for name in language["sections"][table].get(kind, ())
        }
        for table in _COMPOSED
    }
    verbs, things = (
        _any(
            each for language in words for each in map(squeeze, language["sections"]["doing"][key])
        )
        for key in ("verbs", "things")
    )
    filler = [squeeze(name) for name in every("sections", "fillers")]
    weeks = {squeeze(text): count for lang in words for text, count in _weeks(lang)}
    return Lexicon(
        sections=dict(_made(words))
        | {
            squeeze(name): kind
            for language in words
            for kind in _KINDS
            for name in language["sections"].get(kind, ())
        },
        ends=ends,
        composed={
            table: re.compile(
                _any(
                    squeeze(name)
                    for language in words
                    for name in language["sections"][table]["before"]
                )
            )
            for table in _COMPOSED
        },
        held=held,
        doing=re.compile(rf"{verbs}{things}$"),
        end=re.compile(
            rf"(?P<end>{_any(each for each in ends if not each.isascii())})"
            rf"(?P<filler>{_any(filler)}*)$"
        ),
        last_words=re.compile(
            rf"(?:^|[^a-z])(?P<end>{_any(end for end in endings if end.isascii())})$"
        ),
        first_words=re.compile(
            rf"(?P<end>{_any(end for end in endings if end.isascii())}) (?:for|about|on|from|by)\b"
        ),
        questions=re.compile(
            rf"(?P<end>questions|qs) {_any(map(str.casefold, every('sections', 'after')))}\b"
        ),
        tails=(*ends, *filler),
        last_letters=frozenset(each[-1:] for each in (*ends, *filler)),
        held_letters=frozenset(
            squeeze(name)[-1]
            for language in words
            for name in (
                *language["sections"]["doing"]["things"],
                *(
                    name
                    for table in (language["sections"], *map(language["sections"].get, _COMPOSED))
                    for kind in ("task", "plan")
                    for name in table.get(kind, ())
                ),
            )
        ),
        past=re.compile(_any(map(squeeze, every("sections", "past")))),
        lookalikes=re.compile(_any(map(squeeze, every("sections", "lookalikes")))),
        future=re.compile(_any(every("sections", "future"), any_case=True)),
        agenda=re.compile(_any(map(squeeze, every("sections", "agenda")))),
        discussion=names("sections", "discussion"),
        lists=names("sections", "lists"),
        titles=names("sections", "titles"),
        modifier=re.compile(_any(map(squeeze, every("sections", "modifiers")))),
        marks={squeeze(name): mark for mark in _MARKS for name in every("marks", mark)},
        first_letters=frozenset(
            squeeze(name)[:1] for mark in _MARKS for name in every("marks", mark)
        ),
        honorific=_any(every("people", "honorifics")),
        honour_letters=_last_letters(every("people", "honorifics")),
        roles=tuple(role.casefold() for role in every("people", "roles") if len(role) > 1),
        single_roles=frozenset(role for role in every("people", "roles") if len(role) == 1),
        title=re.compile(rf"[ \t]?{_any(every('people', 'titles'))}$"),
        title_letters=_last_letters(every("people", "titles")),
        view=re.compile(rf"(?:의|の|'s)?[ \t]?{_any(every('people', 'view'))}$"),
        assigned=re.compile(rf"(?:의)?[ \t]?{_any(every('people', 'assigned'))}$"),
        attendees=names("people", "attendees"),
        absent=names("people", "absent"),
        came=re.compile(rf"(?:(?<=[ \t])|^){_any(every('people', 'came'))}(?![가-힣])"),
        away=re.compile(rf"{_any(every('people', 'away'))}[\s.!~)ㅠㅜ]*\Z"),
        newcomers=names("people", "newcomers"),
        writer=names("people", "writer"),
        kin=re.compile(rf"{_any(every('people', 'kin'))}$"),
        kin_letters=_last_letters(every("people", "kin")),
        there=_begins(word for key in ("attendees", "absent") for word in every("people", key)),
        offices=names("people", "offices"),
        columns=names("people", "columns"),
        beside=names("people", "beside"),
        about=names("people", "about"),
        matters=names("people", "matters"),
        charged=names("people", "charged"),
        saying=names("people", "saying"),
        deadlines=names("when", "deadlines"),
        due_columns=names("when", "due_columns"),
        remarks=names("todo", "remarks"),
        following=re.compile(_any(every("todo", "following"), any_case=True)),
        named=names("people", "named"),
        everyone=names("people", "everyone"),
        rounds=re.compile(_any(every("people", "rounds"), any_case=True)),
        says=re.compile(rf"(?:also |then |later )?{_any(every('people', 'says'))}(?! to\b)\b"),
        ideas=re.compile(_any(every("people", "ideas"), any_case=True)),
        of_each=re.compile(_any(every("people", "of_each"), any_case=True)),
        felt=re.compile(rf"{_any(every('people', 'felt'))}[\s.,!~)ㅎㅋㅠㅜ^;]*\Z"),
        either=names("people", "either"),
        talk=re.compile(_any(every("talks", "words"), any_case=True)),
        presenter=names("talks", "presenter") | names("talks", "lecturers"),
        presents=re.compile(
            _any(
                {
                    word
                    for key in ("words", "presenter", "lecturers")
                    for name in every("talks", key)
                    for word in (name, squeeze(name))
                },
                any_case=True,
            )
        ),
        lecturers=names("talks", "lecturers"),
        talk_lists=names("talks", "lists"),
        talk_label=re.compile(
            _any(
                {
                    *every("talks", "lists"),
                    *(name for language in words for name in language["sections"].get("talk", ())),
                    *(name for name, kind in endings.items() if kind == "talk"),
                },
                any_case=True,
            )
        ),
        subjects=names("talks", "subjects"),
        texts=names("talks", "texts"),
        orders=names("talks", "orders"),
        slides=names("talks", "slides"),
        volunteer=re.compile(_any(every("talks", "volunteer"))),
        closing=re.compile(
            rf"{_any(every('closing', 'decision'))}[\s.,!~)」*。{_PICTURES}]*"
            rf"(?:\([^()]*\))?[\s.。{_PICTURES}]*\Z"
        ),
        settled=re.compile(rf"{_any(every('closing', 'nouns'))}[\s.!]*\Z"),
        settles=re.compile(rf"{_any(every('closing', 'starts'), any_case=True)}\b"),
        midway=re.compile(_any(every("closing", "midway"))),
        still_open=re.compile(_any(every("closing", "open"), any_case=True)),
        aspects=re.compile(rf"{_any(every('closing', 'aspects'), any_case=True)}\Z"),
        reasons=frozenset(map(squeeze, every("closing", "reasons"))),
        told=re.compile(_any(every("closing", "told"), any_case=True)),
        todo=re.compile(rf"{_any(every('todo', 'ends'))}[\s.!~)\\]*\Z"),
        work=re.compile(rf"{_any(every('todo', 'nouns'))}[\s.!~)\\]*\Z"),
        to_do_letters=frozenset(word[-1] for word in every("todo", "ends")),
        doing_letters=frozenset(
            word[-1] for key in ("ends", "nouns") for word in every("todo", key)
        ),
        todo_alone=re.compile(rf"{_any(every('todo', 'alone'))}[\s.!~)\\]*\Z"),
        todo_asked=re.compile(rf"{_any(every('todo', 'asks'))}[\s.!~)\\]*\Z"),
        stems=re.compile(
            _any(stem for stem in every("todo", "stems") if not stem.isascii())
            + rf"|{_any(filter(str.isascii, every('todo', 'stems')), any_case=True)}\b"
        ),
        news=re.compile(rf"\b{_any(every('todo', 'news'))}[\s.!~)\\]*\Z", re.IGNORECASE),
        disciplines=frozenset(map(squeeze, every("todo", "disciplines"))),
        components=re.compile(_any(every("todo", "components"), any_case=True)),
        begins=re.compile(rf"{_any(every('todo', 'begins'), any_case=True)}\b"),
        did=names("todo", "did"),
        today=names("todo", "today"),
        done=re.compile(rf"{_any(every('todo', 'done'))}[\s.!~)\\]*\Z"),
        meeting=re.compile(_any(every("when", "meeting"))),
        until=re.compile(_any(every("when", "until"))),
        when=re.compile(_any((text for lang in words for text, _ in _weeks(lang)), any_case=True)),
        days=re.compile(_any(every("when", "days"), any_case=True)),
        weeks=weeks,
        nothing=names("labels", "nothing"),
        nobody=names("labels", "nobody"),
        terms=names("labels", "terms"),
        common=names("labels", "common"),
    )


def _add(words: dict[str, Any], own: Mapping[str, Any]) -> None:
    """Put the group's own words to those of its language."""
    for key, value in own.items():
        if isinstance(value, Mapping):
            _add(words.setdefault(key, {}), value)
        elif isinstance(value, list):
            words[key] = [*words.get(key, ()), *value]
        else:
            words[key] = value


def _made(words: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, SectionKind]]:
    """The names of sections that are put together of two words: `모르는 것`, `정한 거`."""
    for language in words:
        for kind in _KINDS:
            for pair in language["sections"]["made"].get(kind, ()):
                for first, last in product(pair["first"], pair["last"]):
                    yield squeeze(first + last), kind


def _weeks(words: dict[str, Any]) -> Iterable[tuple[str, int]]:
    weeks: dict[str, int] = words["when"]["weeks"]
    return weeks.items()


def _begins(words: Iterable[str]) -> re.Pattern[str]:
    """How any of the words begins, whatever blanks part its letters: `참 석 자`."""
    heads = {word.split()[0] if word.isascii() else "".join(word.split())[:2] for word in words}
    latin = _alternatives((head for head in heads if head.isascii()), any_case=True)
    letters = (r"[ \t]{0,4}".join(map(re.escape, head)) for head in heads if not head.isascii())
    return re.compile("|".join((*latin, *sorted(letters))))


def _last_letters(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.rstrip()[-1:] for word in words) - {""}


def _any(words: Iterable[str], *, any_case: bool = False) -> str:
    """A pattern for any of the words, the longest first; a blank in a word may be missing."""
    return f"(?:{'|'.join(_alternatives(words, any_case=any_case))})"


def _alternatives(words: Iterable[str], *, any_case: bool) -> Iterator[str]:
    """The alternatives of `_any`.

    Whatever the case, each alternative begins with a letter of its own: so `re` looks for those
    letters alone, and finds nothing ten times as fast as with `IGNORECASE` for the whole. Words
    that share the letter are one alternative, as it would else try each of them there.
    """
    by_letter: dict[str, list[str]] = {}
    words = filter(None, (" ".join(word.split()) for word in words))
    for word in sorted(words, key=len, reverse=True):
        first, rest = word[0], r"[ \t]?".join(map(re.escape, word[1:].split(" ")))
        for letter in dict.fromkeys((first.lower(), first.upper())) if any_case else (first,):
            by_letter.setdefault(re.escape(letter), []).append(rest)
    case = "i" if any_case else ""
    return (f"{letter}(?{case}:{'|'.join(rests)})" for letter, rests in by_letter.items())
