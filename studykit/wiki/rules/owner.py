"""Whose a task is: `하늘 : 지도`, `지도 (하늘)`, `하늘은 지도 그리기`, `Robin will draw a map`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studykit.wiki.evidence import names_in, stated_names
from studykit.wiki.evidence.crowd import is_usual_name, means_something
from studykit.wiki.evidence.owing import MARKED
from studykit.wiki.labels import label_of
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import shape_of
from studykit.wiki.rows import Row
from studykit.wiki.rules.letters import that_may_match
from studykit.wiki.rules.promised import requested
from studykit.wiki.rules.state import State

__all__ = [
    "begins_with",
    "done_by",
    "in_charge",
    "named_in_charge",
    "owner_before",
    "owners_of",
    "who_does",
    "who_will",
]

LONGEST = 80
FEW = 12
WHOLE = 300
SHORT = 4
"""An item that ends in a name has no more blanks."""
_LATIN = r"[A-Z][\w'’-]{1,20}"
_BEHIND = tuple(
    (signs, re.compile(rf"{pattern}[ \t.!]*$"))
    for signs, pattern in (
        (")]", r"[(\[](?P<who>[^()\[\]]{1,60})[)\]]"),
        ("/", r"/[ \t]*(?P<who>[^/]{1,40})"),
        ("★", r"★[ \t]*(?P<who>[^★]{1,40})"),
        ("`", r"`(?P<who>[^`]{1,20})`(?:[ \t]*`[ \d./월일~-]*`)?"),
        (
            "/",
            r"/[ \t]*(?P<who>[^/\d]{1,40}?)[ \t]*/(?:[\s\d./~-]|\([월화수목금토일]?\))*",
        ),
        (">→⇒➔➡", r"(?:[-=]>|[→⇒➔➡])[ \t]*(?P<who>[^-=>→⇒➔➡]{1,40})"),
        ("-–—ㅡ", r"[ \t][-–—ㅡ][ \t]+(?P<who>[^-–—ㅡ]{1,40})"),
        ("….·", r"(?:…+|\.{3,}|·{3,})[ \t]*(?P<who>[^….·]{1,40})"),
        ("-–", r"[-–][ \t]*(?P<who>[가-힣]{3}(?:,[ \t]*[가-힣]{3}){0,3})"),
        ("-", r"[ \t]-(?P<who>[가-힣]{2,4}(?:,[ \t]*[가-힣]{2,4}){0,3})"),
        (")", r"\)(?P<who>[^\s()]{1,12})"),
        (
            " \t",
            r"[\u3040-\u30ff\u4e00-\u9fff)][ \t]+(?P<who>[\u3040-\u30ff\u4e00-\u9fff]{1,8})",
        ),
        (".,;", rf"[.,;][ \t]+(?P<who>{_LATIN}(?: {_LATIN})?(?:,[ \t]*{_LATIN}){{0,3}})"),
        ("기", r"(?:[하보꾸내오치리쓰넣찾주]|읽)기[ \t]+(?P<who>[가-힣]{2,4})"),
    )
)
"""Of each, the signs of which it has one, and the pattern."""
_INSIDE = re.compile(r"[^()]{2,40}\((?P<who>[^()]{2,40})\)[ \t]+\S")
_SIGN = re.compile(
    r"[()\[/>→⇒➔➡★`–—ㅡ…·-]|기[ \t]+[가-힣]{2,4}[ \t.!]*$|\.{3}|[.,;][ \t]+[A-Z]"
    r"|[ \t][\u3040-\u9fff]"
)
"""What all these have one of."""
_APART = re.compile(
    r"(?:[ \t]{2,}|[ \t](?=[*@#]))[*@#]?[ \t]?(?P<who>[^\s*@#][^*\t]{0,24}?)[*_ \t]*$"
)
_IN_CHARGE = re.compile(
    r"[(\[](?P<label>[^()\[\]:]{1,12}?)[ \t]*:[ \t]*(?P<who>[^()\[\]:]{1,60}?)"
    r"(?:[,、/|][ \t]*[^()\[\]:,、]{1,12}:[^()\[\]]{1,40})?[)\]][\s.]*$"
)
_WILL = re.compile(
    r"(?P<who>@?[^\W\d_][\w'’-]{1,20}(?: [A-Z][\w'’-]{1,20})?"
    r"(?:(?:,| and| &|/) ?[@A-Z][\w'’-]{1,20}){0,3})"
    r"(?: will|(?: is| are) going to| (?:promised|volunteered|offered) to"
    r"|'ll| to| needs? to| ha(?:s|ve) to|(?: is| are) to)"
    r" (?!(?:not|never|be(?! [a-z]+ing\b| in charge\b| responsible\b)|have|probably|maybe|need|the"
    r"|an?|all|each|his|her|their|our|and)\b)[a-z]"
)
"""`Robin to add a map` in minutes is what Robin is to do."""
_GIVEN = re.compile(
    r"(?P<who>[A-Z][\w'’-]{1,20}(?:(?:,| and| &) ?[A-Z][\w'’-]{1,20}){0,3})"
    r" (?:is|are|was|were)"
    r" (?:delegated|assigned|tasked with|responsible for|in charge of|taking the lead)\b"
)
_HINTS = ("ll ", " to ", " is ", " are ", " was ", " were ")
_TAKES = re.compile(
    r"(?:^|[ \t])(?P<who>[^\s,]{1,12}님(?:(?:과|와|,|이랑)[ \t]*[^\s,]{1,12}님){0,3})"
    r"(?:께서|이|은)?[ \t]+(?:(?:담당|전담|진행|작성|준비)하시?|맡(?:아|으시|기)|담당|전담)"
)
"""`로고는 가람님께서 맡아 주시기로`."""
_HONOURED = re.compile(r"(?P<who>[^은는]{1,30}?(?:님|씨))(?:은|는|께서는?)[ \t]+\S")
_HONOURED_FIRST = re.compile(
    r"(?P<who>[가-힣]{2,4}[ ]?님(?:(?:,|과|와|이랑|하고)[ \t]*[가-힣]{2,4}[ ]?님){0,3})[ \t]+(?=\S)"
)
"""`하늘님, 구름님 지도 그리기`."""
_HONOURED_TOO = re.compile(
    r"(?P<who>\S{1,10}?(?:さん|氏)(?:と\S{1,10}?(?:さん|氏)){0,3})(?:で|が)[ 、]?\S"
)
_ARROW = re.compile(r"(?P<who>[^-=>→]{1,40}?)[ \t]*(?:[-=]>|→)[ \t]*\S")
_BARE = re.compile(
    r"(?P<who>[A-Z]\w{1,20}(?: [A-Z][\w.]{0,20})?) (?!\w+ed\b)[a-z]+(?:(?<!s)|(?<=ss)|(?<=us)) "
)
_PARTS = re.compile(r"[,、/][ \t]+")
_GAVE = re.compile(r"(?:이|가|께서)[ \t](?:[^\s,]+[ \t]){0,3}[^\s,]{0,20}[한신던든린낸준쓴둔][ \t]")
"""`현수님께서 보내주신 표 확인`: whose something is, and not who is to do the task."""
_EVERYBODY = re.compile(r"(?<!\S)(?:각자|각각|모두|다들|전원|다 같이)(?!\S)")
_CALL = re.compile(r"@([^\s@,]+(?:[ ][가-힣](?![가-힣]))?)")
_CALLS = re.compile(
    r"(?:^|[ \t(–—-])(?:@[^\s@,]++(?:[ ][가-힣](?![가-힣]))?+[ \t]*+[,/&+]?+[ \t]*+)++\)?$"
)
"""`@하늘 @구름`, `@robin, @sky`; some programs set the family name behind: `@하늘 이`.

Nothing is given back: each blank could else belong to either side of a sign that is not there.
"""
_BY_THEN = re.compile(r"(?<=[\w가-힣])[ \t]+(?:by|before|until|due|~)[ \t]?[^@]{2,24}$")
"""`… @robin by 2am`."""
_LINKED = re.compile(r"\[@?(?P<who>[^\[\]]{1,60})\]\(https?://[^()\s]{1,300}\)[ \t]*(?:[:-]|$)")
_JOINT = re.compile(r"(?<=님)(?:과|와|이랑|하고)[ \t]*|(?<=さん)と")
_POST = re.compile(r"(?:^|[ \t])#[A-Za-z가-힣]\w{2,}")
"""Words with a hashtag are for the world: whom they call by a handle is not to do it."""
_SUBJECT = re.compile(
    r"(?P<who>[^:]{1,40}?)(?P<particle>은|는|이|가|께서|께서는)[ \t]+(?P<said>\S.*)"
)
_SET_OFF = re.compile(
    r"(?:[-*+•]|\d{1,3}[.)])?[ \t]*(?:\[[ xX]?\][ \t]*)?(?P<mark>\*\*|__|`)(?P<who>[^*_`]{2,30})"
    r"(?P=mark)[ \t]+[^\s:-]"
)
_COLUMN = re.compile(r"(?P<who>\S{1,12}(?:, ?\S{1,12})?)[ \t]{2,}\S")
_SLASHED = re.compile(r"(?P<who>[^/]{1,20}) / [^/]+ / ")
_LISTS = re.compile(r"[,、/&]|[ \t]and[ \t]")
_STEP = re.compile(r"[-=]>|→")
_ADJECTIVE = re.compile(
    r"(?:[한된온준본낸쓴든린긴킨친던둔른런낀짠꾼눈운뺀할될줄볼낼쓸릴칠]|[하주내오리드쓰보]신)$"
    r"|^(?:[고부모누기오흐]|가르)를$"
)
"""As verbs end before what they describe, `그린 지도`, `고칠 글`; `초안` and `파일` are things."""
_JOINED = re.compile(r"(?<=[가-힣])(?:과|와|이랑|랑|하고)[ \t]+")
_SEVERAL = re.compile(
    r"(?P<who>[A-Z][\w'-]{1,15}(?:(?:[ \t]*[+&,][ \t]*|[ \t]+and[ \t]+)[A-Z][\w'-]{1,15}){1,3})"
    r"[ \t]+(?=[a-z])"
)
"""`Robin + Sky draw a map`, `Robin, Sky and Robin draw`: more than one."""
_AND = re.compile(r"[ \t]*[+&,][ \t]*|[ \t]+and[ \t]+")
_NOT_ONE = re.compile(
    r"(?<!\S)(?:각자|각각|모두|다들|전원|다 같이|제외\S*|빼고|없이|불참|결석|휴가)(?!\S)"
)
_CHARGED = re.compile(
    r".*?\S[ \t]*\(?[ \t]*(?:담당자?|担当)[ \t]*:?[ \t]+(?P<who>[^()]{2,30})\)?[ \t.]*"
)
_CHARGE_BEHIND = re.compile(
    r".*\([ \t]*(?P<who>[^()]{2,30}?)[ \t]*(?:담당|担当|맡음|진행)\)[ \t.]*"
)
_OF_OTHERS = re.compile(
    r"(?:리뷰|듣기|확인|피드백|검토|읽기|(?<![아어해])보기|연락|문의|전달|요청)"
    r"(?:하기|주기|할 것)?[ \t.!]*$"
)
_SIGNATURE = re.compile(
    r"(?:\((?P<inside>[^(),/~]{1,20})[^()]{0,20}\)"
    r"|[ \t][-–—→][ \t]+(?P<behind>[^-–—→,~]{1,16})[^-–—→]{0,16})[ \t.]*$"
)
_HANDLES = re.compile(r"@[\w.-]+(?:(?:,[ \t]*|[ \t]+[&+][ \t]+|[ \t]+)@[\w.-]+)*")
_BARS = re.compile(r"[ \t]*(?:\|+|>{1,2}|;)[ \t]*")
_ASIDES = re.compile(r"[^\s(,][ ]?\(([^()]{1,40})\)")
_DUTY = re.compile(r"(?P<who>[A-Z][^:]{1,40}?) (?:needs|is|has|ought)(?: to) [a-z]")
_BY = re.compile(r"[(\[](?P<who>[^()\[\]]{2,30}?),? by [^()\[\]]{2,20}[)\]][ \t.]*$")
_DONE_BY = re.compile(r"\((?:will|to|is to|should) be \w+ by (?P<who>[^()]{2,40})\)$")
_SIGNED = re.compile(r"[ \t]by[ \t]+(?P<who>[^:]{2,30})$")


def owners_of(state: State, row: Row, words: str, aside: str) -> tuple[tuple[str, ...], str]:
    """Who stands before the task, or behind it in brackets or after a slash, and why.

    `words` are the row's without what says by when.
    """
    parts = [part for part in aside.split(",") if part.strip() and not state.when(row, part)]
    for stated in (", ".join(parts), *parts) if parts else ():
        if marked := stated_names(state.crowd, stated):
            why = names_in(state.crowd, stated)[1] or "the mark says that it is a name"
            return marked, f"who stands in the mark: {why}"
    linked = _LINKED.match(words) if words[:1] == "[" else None  # `[@robin](https://…): map`
    if linked and (found := names_in(state.crowd, linked["who"]))[0]:
        return found[0], f"whose page it links to: {found[1]}"
    if label := row.label:
        rest = words[label.end :]
        if len(each := _each(state, words, label.end)) > 1:
            return each, "whose names stand before each part of it"
        inner = label_of(rest)  # `ACTION: robin: draw a map`
        for part, side in (
            (label.name, "before"),
            (label.name.removesuffix("이"), "before"),  # `하늘이 - 지도`, as friends say
            (rest, "behind"),
            (inner.name if inner else "", "before"),
        ):
            if (found := names_in(state.crowd, part))[0]:
                return found[0], f"whose name stands {side} it: {found[1]}"
    if by := done_by(state, row.words):
        return by, "by whom it will be done"
    handed = row.words[:WHOLE].partition("<<") if "<<" in row.words[: SHORT * FEW] else None
    if handed and (found := names_in(state.crowd, handed[0]))[0]:
        return found[0], f"to whom it is handed: {found[1]}"
    if charged := in_charge(state, row.words):
        return charged, "who is named as in charge"
    if who := who_will(state, row.words):
        return names_in(state.crowd, who)[0], "who will do it"
    if len(each := _each_in_brackets(state, words)) > 1:
        return each, "whose names stand behind each part of it"
    tail = words[-LONGEST:]
    tried = that_may_match(_BEHIND if _SIGN.search(tail) else (), tail)
    for behind in filter(None, (pattern.search(tail) for pattern in tried)):
        signed = behind["who"].strip()
        for part in (signed, _JOINED.sub(", ", signed)):
            if (found := names_in(state.crowd, part))[0]:
                return found[0], f"whose name stands behind it: {found[1]}"
        if (found := _among_others(state, signed))[0]:
            return found[0], f"whose name stands behind it: {found[1]}"
    behind_mark = MARKED.match(row.words)
    if behind_mark and (found := names_in(state.crowd, behind_mark["who"]))[0]:
        return found[0], f"whose name stands behind the mark: {found[1]}"
    who, to, _ = row.words[:WHOLE].partition(" to ")  # `ACTION: Robin to bring a camera`
    mark = label_of(who)
    if to and (found := names_in(state.crowd, who[mark.end :] if mark else who))[0]:
        return found[0], f"who is to do it: {found[1]}"
    aparts = (_APART.search(text[-LONGEST:]) for text in (words, row.line.words))
    apart = next(filter(None, aparts), None)  # `코드 정리   *현수`
    if apart and (found := names_in(state.crowd, apart["who"]))[0]:
        return found[0], f"whose name stands apart behind it: {found[1]}"
    column = _COLUMN.match(row.words) or _SLASHED.match(row.words)  # `하늘     지도      3/14`
    if column and (found := names_in(state.crowd, column["who"]))[0]:
        return found[0], f"whose name stands in the column before it: {found[1]}"
    if _SEVERAL.match(words) and (found := _first(state, words))[0]:
        return found[0], f"who are to do it: {found[1]}"
    begun = _BARE.match(who[mark.end :] if mark else row.words[:LONGEST])  # `Robin draw the map`
    if begun and (found := names_in(state.crowd, begun["who"]))[0]:
        return found[0], f"who is to do it: {found[1]}"
    if called := _called(state, words):
        return called, "whom it calls by a handle"
    last = next(reversed(tail.split()), "")
    if (
        last.startswith("@")
        and not _POST.search(row.words)
        and (found := names_in(state.crowd, last))[0]
    ):
        return found[0], f"whose name stands behind it: {found[1]}"
    inside = _INSIDE.match(row.words[:LONGEST])  # `표 고치기(현수, 인서) 날짜: 금요일`
    if inside and (found := names_in(state.crowd, inside["who"]))[0]:
        return found[0], f"whose name stands in it in brackets: {found[1]}"
    arrow = _ARROW.match(row.words[:LONGEST])  # `현수 → 코드 정리`
    if arrow and (found := names_in(state.crowd, arrow["who"]))[0]:
        return found[0], f"whose name stands before it: {found[1]}"
    told = _HONOURED.match(row.words[:LONGEST])  # `현수님과 인서님은 그림 고르기`
    if told and (_GAVE.search(row.words[:LONGEST]) or _EVERYBODY.search(row.words[:LONGEST])):
        told = None
    told = told or _HONOURED_TOO.match(row.words[:LONGEST])  # `佐藤さんと鈴木さんで地図を描く`
    if told and (found := names_in(state.crowd, _JOINT.sub(", ", told["who"])))[0]:
        return found[0], f"who is said to do it: {found[1]}"
    takes = _TAKES.search(row.words[:WHOLE]) if "님" in row.words else None
    if takes and (found := names_in(state.crowd, _JOINT.sub(", ", takes["who"])))[0]:
        return found[0], f"who is said to take it on: {found[1]}"
    if asked := requested(state, row):
        return asked.owners, asked.reason
    set_off = _SET_OFF.match(row.line.words[:LONGEST])  # `**하늘** 지도 그리기`
    if set_off and (found := names_in(state.crowd, set_off["who"]))[0]:
        return found[0], f"whose name stands before it, set off: {found[1]}"
    handles = _HANDLES.match(row.words[:LONGEST])  # `@robin, @sky draw a map`
    if handles and (found := names_in(state.crowd, handles.group()))[0]:
        return found[0], f"whose name stands before it: {found[1]}"
    if state.section.kind == "task":
        return _stated_owners(state, words)
    if not state.lexicon.is_to_do(words):
        return (), ""
    if first := begins_with(state, words):
        return (first,), "whose name stands before it"
    found = names_in(state.crowd, who_does(state, words))
    return (found[0], f"who is said to do it: {found[1]}") if found[0] else ((), "")


def _among_others(state: State, signed: str) -> tuple[tuple[str, ...], str]:
    """Those of `하늘, 3/14` or of `Robin, Laria` whom the note knows, and who is called alike."""
    crowd, parts = state.crowd, [part.strip() for part in _LISTS.split(signed)]
    known = [found for part in parts if (found := names_in(crowd, part))[0]]
    if not known:
        return (), ""
    names = [
        name
        for part in parts
        for name in names_in(crowd, part)[0] or ((part,) if _is_called(state, part) else ())
    ]
    return tuple(dict.fromkeys(names)), known[0][1]


def _is_called(state: State, part: str) -> bool:
    """Whether a word beside somebody's name is another's."""
    if state.when(state.rows[0], part) or means_something(state.crowd, part):
        return False
    latin = shape_of(part) == "latin" and part.count(" ") < SHORT // 2
    return latin or is_usual_name(state.crowd, part)


def _called(state: State, words: str) -> tuple[str, ...]:
    """Whom `지도 올리기 @하늘 @구름` calls at its end; nobody, where one of them is not known."""
    if "@" not in words or _POST.search(words):
        return ()
    found = _CALLS.search(_BY_THEN.sub("", words)[-LONGEST:])
    names = list[str]()
    for call in _CALL.findall(found.group()) if found else ():
        who = (
            names_in(state.crowd, f"@{call}")[0] or names_in(state.crowd, f"@{call.split()[0]}")[0]
        )
        if not who and not is_usual_name(state.crowd, call):
            return ()
        names += who or (call,)
    return tuple(dict.fromkeys(names))


def in_charge(state: State, words: str) -> tuple[str, ...]:
    """Who `(담당: 현수)` at a line's end names."""
    found = _IN_CHARGE.search(words[-LONGEST:]) if ":" in words else None
    if found is None or squeeze(found["label"]) not in state.lexicon.charged:
        return ()
    return names_in(state.crowd, found["who"])[0] or stated_names(state.crowd, found["who"])


def who_will(state: State, words: str) -> str:
    """Who somebody says `will` do something, where the note knows the name: `Robin will write`."""
    words = words[:LONGEST]
    for pattern in (_WILL, _GIVEN) if any(map(words.__contains__, _HINTS)) else ():
        found = pattern.match(words)
        if found and names_in(state.crowd, found["who"])[0]:
            return found["who"]
    return ""


def done_by(state: State, words: str) -> tuple[str, ...]:
    """Who `Clouds (will be drawn by Robin)` says is going to do it, where the note knows them."""
    found = _DONE_BY.search(words[-LONGEST:]) if words.endswith(")") else None
    return names_in(state.crowd, found["who"])[0] if found else ()


def who_does(state: State, words: str) -> str:
    """Who `현수랑 인서가 지도 합치기` says is to do it, where the note knows them; else nothing."""
    words = words[:LONGEST]
    for found in _subjects(words):
        if _NOT_ONE.search(found.string) or _describes(found["said"]):
            continue
        if names_in(state.crowd, who := _JOINED.sub(", ", found["who"]))[0]:
            return who
    return ""


def begins_with(state: State, words: str) -> str:
    """The person with whose bare name the words begin: `현수 지도 올리기`."""
    names, _ = _first(state, words)
    others = words.startswith("@") or _OF_OTHERS.search(words)
    return names[0] if len(names) == 1 and not others else ""


def named_in_charge(state: State, row: Row) -> tuple[str, ...] | None:
    """Who a line `담당자 : 하늘, 구름` names; nothing for another line."""
    if row.label is None or squeeze(row.label.name) not in state.lexicon.charged:
        return None
    return stated_names(state.crowd, row.words[row.label.end :])


def owner_before(state: State, index: int) -> tuple[tuple[str, ...], str]:
    """Whose `하늘님 지도 그리기` is, where the items beside it say whose they are as well.

    Alone, a name there may say whose map it is; so may each of several before `코드 리뷰`.
    """
    row = state.rows[index]
    own = _first(state, row.words)
    if not own[0] and state.section.kind == "task":
        return _last(state, index)
    if not own[0] or not (row.listed or row.box is not None or state.section.kind == "task"):
        return (), ""
    first, said, signed, others = [own[0]], [_said(row.words)], 0, 0
    for beside in _beside(state, index):
        names, _ = _first(state, beside.words)
        if names:
            first.append(names)
            said.append(_said(beside.words))
        elif squeeze(beside.words.split(" ", 1)[0]) in state.lexicon.everyone:
            continue
        elif _is_signed(state, beside):
            signed += 1
        else:
            others += 1
    if len(set(said)) < len(set(first)) or any(map(_OF_OTHERS.search, said)):
        return (), ""
    honoured = _HONOURED_FIRST.match(row.words[:LONGEST])
    to_do = honoured is not None and state.lexicon.is_to_do(row.words[honoured.end() :])
    if to_do and state.section.kind == "task":
        return own[0], f"whose name stands before what is to be done: {own[1]}"
    all_first = len(set(first)) > 1 and len(set(first)) == len(first) and not (signed or others)
    many = len(first) + signed
    most = state.section.kind == "task" and (many > max(2, others) or many > 1 == others)
    if not (all_first or (most and (signed or len(set(first)) > 1))):
        return (), ""
    return own[0], f"whose name stands before it, as others do: {own[1]}"


def _last(state: State, index: int) -> tuple[tuple[str, ...], str]:
    """Whose `3.6 하늘` is, where most of the items beside it end in somebody's name as well."""
    rows = [state.rows[index], *_beside(state, index)]
    found = [names_in(state.crowd, row.words.rpartition(" ")[2]) for row in rows]
    named = [names for names, _ in found if names]
    short = all(row.words.count(" ") < SHORT for row in rows)
    if not found[0][0] or not short or len(named) < 2 or 3 * len(named) < 2 * len(rows):
        return (), ""
    return found[0][0], f"whose name stands behind it, as others do: {found[0][1]}"


def _beside(state: State, index: int) -> Iterator[Row]:
    """The items beside one; in plain text the lines that nothing parts from it."""
    row = state.rows[index]
    for step in (-1, 1):
        for at in range(index + step, index + step * FEW, step):
            beside = state.rows[at] if 0 <= at < len(state.rows) else None
            if beside is None or (beside.kind == "blank" and not row.listed):
                break
            if beside.kind == "blank" or (beside.kind == "words" and beside.column > row.column):
                continue
            alike = beside.listed == row.listed and beside.sign == row.sign and not beside.level
            if (
                not alike
                or beside.column != row.column
                or beside.line.number == state.section.label_line
            ):
                break
            yield beside


def _is_signed(state: State, row: Row) -> bool:
    """Whether an item says behind it or before a sign whose it is: `지도 (하늘, 3/14까지)`."""
    signed = _SIGNATURE.search(row.words[-LONGEST:])
    names = [signed["inside"] or signed["behind"]] if signed else []
    names += [row.label.name] if row.label else []
    return any(names_in(state.crowd, name.strip())[0] for name in names)


def _stated_owners(state: State, words: str) -> tuple[tuple[str, ...], str]:
    """Those of the note's people whom a task's words name as its owners, and why; else nobody."""
    if len(words) > LONGEST or _NOT_ONE.search(words):
        return (), ""
    for who, how in (
        *_by_signs(words),
        *_by_words(words),
    ):
        if (found := names_in(state.crowd, who) if who else ((), ""))[0]:
            return found[0], f"{how}: {found[1]}"
    return (), ""


def _each(state: State, words: str, end: int) -> tuple[str, ...]:
    """Who stands before each part of `현수 - 지도, 인서 - 사진`, behind a label or not."""
    if not _PARTS.search(words):
        return ()
    for text in (words, words[end:]):
        parts = _PARTS.split(text[:WHOLE])
        labels = [label_of(part) for part in parts] if len(parts) > 1 else []
        names = [names_in(state.crowd, label.name)[0] if label else () for label in labels]
        if sum(map(bool, names)) > 1:
            return tuple(dict.fromkeys(name for found in names for name in found))
    return ()


def _each_in_brackets(state: State, words: str) -> tuple[str, ...]:
    """Who stands behind each part of `지도(하늘) 사진(구름)`, where every part says so."""
    asides = _ASIDES.findall(words[:WHOLE]) if words.endswith(")") else []
    names = [names_in(state.crowd, aside)[0] for aside in asides]
    if len(asides) < 2 or not all(names):
        return ()
    return tuple(dict.fromkeys(name for found in names for name in found))


def _said(words: str) -> str:
    """What stands behind the first word."""
    return " ".join(words.split(maxsplit=1)[1:])


def _first(state: State, words: str) -> tuple[tuple[str, ...], str]:
    """Those with whose names the words begin, if a blank and more stand behind them, and why."""
    several = _SEVERAL.match(words[:LONGEST])
    if several and (found := names_in(state.crowd, _AND.sub(", ", several["who"])))[0]:
        return found
    honoured = _HONOURED_FIRST.match(words[:LONGEST]) if "님" in words[:FEW] else None
    if honoured and (found := names_in(state.crowd, _JOINT.sub(", ", honoured["who"])))[0]:
        return found
    name, *rest = words[:LONGEST].split(maxsplit=1) or [""]
    return names_in(state.crowd, name) if rest and len(name) <= FEW else ((), "")


def _by_signs(words: str) -> list[tuple[str, str]]:
    sides = _BARS.split(words)
    if len(sides) == 2:
        return [
            (sides[0], "whose name stands before it"),
            (sides[1], "whose name stands behind it"),
        ]
    name, tab, _ = words.partition("\t")
    if tab:
        return [(name, "whose name stands apart before it")]
    name, colon, _ = words.partition(":")
    if not colon:
        return []
    return [(_JOINED.sub(", ", name.strip()), "whose names stand before it")]


def _by_words(words: str) -> list[tuple[str, str]]:
    found = [
        (_JOINED.sub(", ", subject["who"]), "who is said to do it")
        for subject in _subjects(words)
        if subject["particle"][0] in "은는" or not _describes(subject["said"])
    ]
    for pattern, how in (
        (_CHARGED, "who is in charge"),
        (_CHARGE_BEHIND, "who is in charge"),
        (_DUTY, "who is to do it"),
    ):
        if match := pattern.match(words):
            found.append((match["who"], how))
    behind = (pattern.search(words) for pattern in (_BY, _SIGNED))
    found += [(match["who"], "whose name stands behind it") for match in behind if match]
    if words.endswith(")"):
        found.append((words, "whose name stands before the brackets"))
    return found


def _subjects(words: str) -> Iterator[re.Match[str]]:
    """Who may be said to do something, at the beginning, behind a label, `수요일까지` or `장소는`.

    In `하늘이 지도 -> 나래가 글` it is not one who does all of it.
    """
    if _STEP.search(words):
        return
    signs = ("까지 ", ": ", "은 ", "는 ")
    texts = (words, *(words.partition(sign)[2].lstrip() for sign in signs))
    yield from filter(None, map(_SUBJECT.match, texts))


def _describes(said: str) -> bool:
    """Whether `준 표 확인` says whose the thing is: a word before the last ends as `준` does."""
    return any(map(_ADJECTIVE.search, said.split()[:-1]))
