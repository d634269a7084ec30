"""The names of a list of attendees, however it is written: `총 3명 (…)`, `1) 하늘, 2) 구름`."""

from __future__ import annotations

import re

from studykit.wiki.evidence.crowd import (
    ASIDE,
    LONGEST,
    SPLIT,
    Crowd,
    bare_name,
    is_full_name,
    may_be_full,
    means_something,
    says_nobody,
)
from studykit.wiki.first_names import is_first_name
from studykit.wiki.lexicon import squeeze
from studykit.wiki.names import is_family, listed_shape, shape_of
from studykit.wiki.rows import Row
from studykit.wiki.times import is_day

__all__ = ["LINKED", "are_due", "listed_names", "only_accounts", "without_absent"]

FEW = 3
_BLANKS = re.compile(r"[ \t]{2,}")
_ENTITY = re.compile(r"&(?:[a-z]{2,6}|#\d{1,5});")
LINKED = re.compile(r"\[(?P<name>[^\[\]]{1,40})\]\([^()\s]{0,300}\)")
_AROUND = re.compile(r"`|\*\*|__")
_COUNTED = re.compile(
    r"(?:총|모두)?[ \t]*\d{1,3} ?[명인]?[ \t]*[(:：-][ \t]*(?P<names>[^()]{3,400})\)?"
)
_ALL = re.compile(r"(?:전원|모두|전체)[ \t]*\((?P<names>[^()]{3,400})\)")
_OTHERS = re.compile(
    r"(?P<first>\S{2,12})[ \t]외[ \t]?\d{1,3} ?[명인][ \t]*\((?P<names>[^()]{2,400})\)"
)
_ALL_BEHIND = re.compile(
    r"[ \t]+(?:전원|모두|전체|이상|총 ?\d{1,3} ?명)?(?:[ \t]?참[석가여])?[ \t.]*$"
    r"|の[一二三四五六七八九十\d]{1,3}[名人]$"
)
_ABSENT = re.compile(
    r"[ \t]*(?:[/|,(.;]|[ \t])[ \t]*"
    r"(?:불참|결석|불참자|결석자|늦참|지각|휴가|absent|apologies|regrets|late|欠席|遅刻"
    r"|欠(?=[ \t]))[ \t]*"
    r"(?:(?:[:：-][ \t]*|(?<=[ \t]))(?P<who>[^()\s:：-][^()]{0,79}(?:\([^()]{1,30}\))?))?"
    r"\)?[ \t.]*$",
    re.IGNORECASE,
)
_AWAY = "불참|결석|휴가|absent|欠席"
_ABSENT_ASIDE = re.compile(
    rf"[ \t]*[(（][ \t]*(?P<who>@?[^\s()（）]{{1,12}})[ \t]+(?:{_AWAY})[^()（）]{{0,20}}[)）]",
    re.IGNORECASE,
)
"""`하늘 구름 (나래 불참 - 감기)`."""
_PICTURED_ABSENT = re.compile(r"[ \t]*[/|,]?[ \t]*[🙅🚫][\u200d♀♂\ufe0f]*[ \t]*(?P<who>\S.*)$")
_MARKED_ABSENT = re.compile(rf"(?P<word>{_AWAY})[ \t]*[❌✖✗🙅]\ufe0f?[ \t]*", re.IGNORECASE)
"""`하늘, 구름 / 불참 ❌ 나래`."""
_ABSENT_BEHIND = re.compile(
    rf"[ \t]*\((?P<who>[^():：]{{2,80}}?)[ \t]*(?:{_AWAY})\)[ \t.]*$", re.IGNORECASE
)
"""`하늘, 구름 (나래 결석)`."""
_CROSSED = re.compile(
    r"(?P<who>[^\s,()/:：]{2,12})[ \t]?"
    rf"(?:\([ \t]*(?:[Xx✗]|(?:{_AWAY})[^():：\n]{{0,12}})[ \t]*\)"
    r"|[❌✖✗]\ufe0f?|[ \t][Xx](?=[ \t,]|$))[ \t]*,?"
)
"""`하늘(O), 나래(X)`, `나래(불참)`."""
_STUCK = re.compile(
    r"(?P<who>[가-힣]{2,4}(?= ?\S)|[A-Za-z][\w.-]{0,14}(?= )) ?(?P<mark>[OoㅇＯ○XxＸ✕])"
    r"(?:[ \t]?\([^()]{1,12}\))?(?=[ \t,·/]|$)"
)
_MARK = re.compile(r"[OoㅇＯ○XxＸ✕]")
_LETTER_X = re.compile(r"[ \t][Xx]")
_CROSSES = re.compile(r"[❌✖✗🙅🚫]")
_NUMBERED = re.compile(r"(?:^|(?<=[ \t,]))\d{1,2}[.)][ \t]*(?=[^\W\d])")
_STUDENT = re.compile(
    r"(?<![\w-])\d{5,10}(?![\w-])"
    r"|(?<![\w-])(?:석사|박사|석박|학부)(?:과정|연구생|생)?[ ]?\d?[ \t]+(?=[가-힣]{2,4}(?![가-힣]))"
)
"""`20210304 이하늘`, `석사2 이하늘`."""
_COUNT = re.compile(r"\d+ ?명")
_AND_SO_MANY = re.compile(r"[ \t]외[ \t]?\d{1,3} ?[명인][ \t.]*$")
_AND_OTHERS = re.compile(
    r"[ \t]*[,/、·+][ \t]*(?:그리고[ \t]+|\+[ \t]*|and[ \t]+)?"
    r"(?:(?:[가-힣A-Za-z]{2,10}[ \t]?)?\d{1,2}[ \t]?(?:명|인|人|名)"
    r"|[一-龯]{0,4}[一二三四五六七八九十数][人名]"
    r"|(?:인턴|청강|신입|게스트|학부생|손님)[ \t]?\d{1,2}|(?<=\+ )\d{1,2}(?!\d))"
    r"(?:[ \t]+[^,/、\d]{0,48})?$"
)
"""`…, + 2 freshmen`, `…、一年生三人`: so many more, whom the list does not name."""
_OFFICE_OF = re.compile(r"(?:副?部長|会長|副会長|幹事|会計|先輩|後輩|代表|顧問)の(?=[^\W\d_]{2})")
"""`部長の磯貝`."""
_CODED = re.compile(r"`([^`]{1,16})`")
_LAST_COLUMN = re.compile(r"[ \t]{2,}~?(?P<when>\S[^\t]{0,12})$")
_ACCOUNTS = re.compile(
    r"\[[^\[\]]{0,80}\]\([^()\s]{0,400}\)"
    r"|\b(?:github|blog|velog|tistory|notion|linkedin|portfolio|e?-?mail)\b",
    re.IGNORECASE,
)
_THERE = "✅⭕✔⏰"
_TICKED = re.compile(
    r"(?P<mark>[✅⭕✔⏰❌✖])\ufe0f?[ \t]*(?P<who>[^✅⭕✔⏰❌✖,/]{1,40}?)[ \t,/]*(?=[✅⭕✔⏰❌✖]|$)"
)
"""`✅ 하늘 ✅ 구름 ❌ 나래 (감기)`: name by name."""
_WITH_NAMES = re.compile(
    r"(?P<head>[가-힣]{2,6}(?:[ \t]?(?:\d|한|두|세|네|다섯)[ \t]?명)?)[ \t]?"
    r"\((?P<names>[가-힣][^()]{1,40})\)"
)
_SO_MANY = re.compile(r"(?:\d|한|두|세|네|다섯)[ \t]?명$")
_ALL_CODED = re.compile(r"(?:`[^`]{1,16}`[ \t,/·]*){2,}")
_NICKNAMED = re.compile(r"[a-z]{2,8} (?P<first>[A-Z][a-z]{1,12})")
_NOTED = re.compile(
    r"[ \t][(<]?[\w.+-]{1,40}@[\w-]{1,40}\.[\w.-]{2,40}[)>]?"  # an address
    r"|[ \t]+@(?=[ \t]|$)|[ \t]*\[[^\[\]]{0,30}\]"
)
_LATER_LABEL = re.compile(
    r"(?:[ \t\u3000]{2,}|\u3000|[.;|／][ \t]*|[ \t]/[ \t]*)[^\W\d_][^\W\d]{1,9}[ \t]*[:：].*$"
)
"""`하늘, 구름   늦참: 나래`, `Robin, Sky. Online: River`."""
_ME = re.compile(
    r"(?<![가-힣])(?:그리고[ \t]+)?(?:나|저|me|わたし|私|僕)[ \t]?\((?P<name>[^()\s]{1,12})\)"
)
"""`하늘, 나(구름)`: who wrote it."""
_TOLD_BEHIND = re.compile(r"(?<=[a-z)])\.[ \t]+[A-Z][\w-]{1,16} [a-z]")
"""`Robin, Sky. River was ill`: what else the line says."""
_OFFICE_IS = re.compile(r"(?<![^\s,/、·(])(?P<office>[^\W\d_]{2,6})[ \t]?=[ \t]?(?=[^\W\d_])")
"""`하늘, 구름, 기록=나래`."""
_CALLED = re.compile(r"(?<![^\s,])[\"“](?P<nick>[^\W\d_]{2,12})[\"”](?=[ \t][A-Z])")
"""`"Sky" Field`: what they call somebody."""
_OF_A_GROUP = re.compile(r"(?<![^\s/,])[^\s()/,\d]{1,12}\((?P<names>[^()]{1,20},[^()]{1,100})\)")
"""`우리팀(하늘, 구름)`."""
_MARKS = re.compile(r"[ \t]*[✅✔☑⭕❌✖]\ufe0f?[ \t]*|(?<=[가-힣])[ \t]+[OXox](?=[ \t,]|$)")
_IDENTITY = re.compile(r"(?<![\w-])[A-Z]{1,2}\d{3,6}[ _-]*(?=[^\W\d])")
"""`J021 나래`."""
_GRADE = re.compile(r"(?<![\w-])[BMD]\d[ \t\u3000]+(?=[^\W\d])")
"""`M2 渋谷`: in which year of what somebody is."""
_WHAT_FOR = re.compile(r"[A-Z][A-Za-z/]{0,9}")
_REVERSED = re.compile(r"(?P<given>[가-힣]{2,3}) (?P<family>[가-힣])")
"""`하늘 이`, as some programs write Korean names."""
_FOREIGN_NAME = re.compile(r"[가-힣]{2,5} [가-힣]{2,5}")
_SHORT = re.compile(r"[가-힣]{1,3}")
_SYLLABLE = re.compile(r"[가-힣]")
_FOREIGN = re.compile(r"[ァ-ヶA-Za-z]{2}")
_BESIDES = re.compile(
    r"(?:[ \t]{2,}|[.;／/][ \t]+)(?P<who>[가-힣]{2,4}?)(?:은|는)[ \t]+(?P<what>[^,:]{2,40})$"
)
"""`하늘 구름   나래는 감기`: who is none of those listed, and why."""
_LATE = re.compile(r"늦|나중|지각|중간|이따|도중|온라인|줌|나감|먼저")
_AND = re.compile(r"[ \t]*,?[ \t]+그리고[ \t]+")


def are_due(rows: list[Row]) -> bool:
    """Whether most lines end in a column of days, `하늘   지도   3/14`: by when it is due."""
    ends = (_LAST_COLUMN.search(row.words[-LONGEST:]) for row in rows)
    dated = sum(end is not None and is_day(end["when"]) for end in ends)
    return len(rows) > 1 and 2 * dated > len(rows)


def only_accounts(words: str) -> bool:
    """Whether words say where somebody is found, and nothing else: `[Github](…) | Blog`."""
    return not _ACCOUNTS.sub("", words).strip(" |/,·-")


def _named_inside(crowd: Crowd, match: re.Match[str]) -> str:
    """`회장(이하늘)`, `신입 두 명(하늘 / 구름)`: whom brackets name behind what they are."""
    head = match["head"].strip()
    what = _SO_MANY.search(head) or head in crowd.lexicon.offices or crowd.is_role(head)
    return match["names"] if what else match.group()


def listed_names(crowd: Crowd, text: str) -> list[str]:
    """The names of a list of attendees; none if it lists anything else."""
    if len(text) > 4 * LONGEST:
        text = text[: 4 * LONGEST].rpartition(",")[0]
    # `하늘` `구름`, each set as code
    coded = _CODED.findall(text) if _ALL_CODED.fullmatch(text.strip()) else []
    text = _ME.sub(r"\g<name>", _LATER_LABEL.sub("", text))
    if "=" in text:
        text = _OFFICE_IS.sub(lambda match: _without_office(crowd, match), text)
    if (told := _TOLD_BEHIND.search(text)) and "," in text[: told.start()]:
        text = text[: told.start()]
    text = _CALLED.sub(r"\g<nick>", text)
    if "(" in text:
        text = _WITH_NAMES.sub(lambda match: _named_inside(crowd, match), text)
    text = _plain(_OF_A_GROUP.sub(r"\g<names>", text))
    for pattern in (_COUNTED, _ALL):
        if counted := pattern.fullmatch(text):
            text = counted["names"]
    if others := _OTHERS.fullmatch(text):
        text = f"{others['first']}, {others['names']}"
    text = _AND_SO_MANY.sub("", text)  # `하늘, 구름 외 2명`
    text = _OFFICE_OF.sub("", _AND_OTHERS.sub("", text))
    text = _MARKS.sub(", ", text) if _MARKS.search(text) else text
    text = _NUMBERED.sub(", ", _AND.sub(", ", text))
    text = _STUDENT.sub(" ", _GRADE.sub("", _IDENTITY.sub("", _NOTED.sub("", ASIDE.sub("", text)))))
    text = _ALL_BEHIND.sub("", _BLANKS.sub(" ", text)).strip(" \t.|,")
    parts = [part for part in SPLIT.split(text) if part.strip()]
    if coded:
        parts = coded
    if len(parts) == 1 and len(words := parts[0].split()) > 1:
        shapes = {shape_of(bare_name(crowd, word)) for word in words}
        called = all(word.startswith("@") for word in words)
        alike = any(shapes <= {shape} for shape in ("full", "given", "kanji"))
        named = sum(
            shape_of(word) in ("full", "given") and word not in crowd.lexicon.common
            for word in words
        )
        if called or alike or (len(words) >= FEW and 3 * named >= 2 * len(words)):
            parts = words
    parts = [name for part in parts for name in _in_a_row(crowd, part)]
    parts = [part.strip() for part in parts if not _COUNT.search(part)]
    names = _before_parts(crowd, parts) or [_name(crowd, part) for part in parts]
    nobody = crowd.lexicon.everyone | crowd.lexicon.writer
    names = [name for name in names if not {squeeze(name), name.casefold()} & nobody]
    if len(names) == 1 and says_nobody(crowd, names[0]):
        return []
    shaped = [name for name in names if listed_shape(name) or _is_nicknamed(name)]
    if len(shaped) > 1:  # one syllable may be a nickname, beside others
        shaped = [name for name in names if name in shaped or _SYLLABLE.fullmatch(name)]
    # In a long list one that nobody's name looks like takes nothing from the others.
    many = len(names) > FEW and len(shaped) >= 0.75 * len(names)
    if many:  # `응우옌 투이`, beside others
        shaped = [name for name in names if name in shaped or _FOREIGN_NAME.fullmatch(name)]
    most = len(shaped) == len(names) or many
    return [name for name in shaped if not crowd.is_role(name)] if most else []


def _without_office(crowd: Crowd, match: re.Match[str]) -> str:
    return "" if squeeze(match["office"]) in crowd.lexicon.offices else match.group()


def _is_nicknamed(name: str) -> bool:
    """`lil Dan`: a first name, and what they call somebody who has it."""
    nick = _NICKNAMED.fullmatch(name)
    return nick is not None and is_first_name(nick["first"])


def _in_a_row(crowd: Crowd, part: str) -> list[str]:
    """`이하늘 박구름` of `이하늘 박구름 / 최나래`: full names with nothing but blanks between."""
    words = part.split()
    title = crowd.lexicon.title
    full = all(may_be_full(crowd, word) and title.fullmatch(word) is None for word in words)
    if len(words) < 2 or not full:
        return [part]
    return words if any(shape_of(word) == "full" for word in words) else [part]


def _before_parts(crowd: Crowd, parts: list[str]) -> list[str]:
    """`채린 보컬 / 우진 기타`, `유리 모, 하늬 좌`: a name and another word in each part."""
    words = [part.split() for part in parts]
    if len(words) < 2 or not all(len(each) == 2 for each in words):
        return []
    names = [first for first, _ in words]
    turned = all(len(rest) == 1 for _, rest in words)  # as some programs write Korean names
    good = all(
        (shape_of(name) in ("full", "given") or (turned and _SHORT.fullmatch(name)))
        and not says_nobody(crowd, name)
        and not means_something(crowd, name)
        for name in names
    )
    return names if good and not any(is_full_name(crowd, rest) for _, rest in words) else []


def without_absent(text: str) -> tuple[str, str]:
    """A list of attendees without who was absent, and who was: `하늘, 구름 / 불참 : 나래`."""
    if len(text) > LONGEST:
        return text, ""
    ticked = list(_TICKED.finditer(text)) if "❌" in text or "✖" in text else []
    if len(ticked) > 1 and not text[: ticked[0].start()].strip(" \t:"):
        there = [match["who"] for match in ticked if match["mark"] in _THERE]
        away = [match["who"] for match in ticked if match["mark"] not in _THERE]
        return ", ".join(there), ", ".join(ASIDE.sub("", who).strip() for who in away)
    stuck = list(_STUCK.finditer(text)) if _MARK.search(text) else []
    if len(stuck) > 2 and not _STUCK.sub("", text).strip(" ,·/"):
        there = [match["who"] for match in stuck if match["mark"] in "OoㅇＯ○"]  # `하늘O 나래X`
        return ", ".join(there), ", ".join(
            match["who"] for match in stuck if match["who"] not in there
        )
    pictured = _CROSSES.search(text) is not None
    if pictured:
        text = _MARKED_ABSENT.sub(r"\g<word>: ", text)
    if besides := _BESIDES.search(text):
        late = _LATE.search(besides["what"])
        text = text[: besides.start()] + (f", {besides['who']}" if late else "")
        if not late:
            return text, besides["who"]
    may_cross = pictured or "(" in text or _LETTER_X.search(text)
    crossed = [match["who"] for match in _CROSSED.finditer(text)] if may_cross else []
    text = _CROSSED.sub(" ", text).rstrip(" \t,") if crossed else text
    # `👥 하늘, 구름 / 🙅 나래(감기)`
    if pictured and (picture := _PICTURED_ABSENT.search(text)):
        crossed.append(ASIDE.sub("", picture["who"]))
        text = text[: picture.start()]
    if aside := _ABSENT_ASIDE.search(text):
        crossed.append(aside["who"])
        text = text[: aside.start()] + text[aside.end() :]
    if found := _ABSENT_BEHIND.search(text) or _ABSENT.search(text):
        crossed += [found["who"]] if found["who"] else []
        text = text[: found.start()]
    return text, ", ".join(crossed)


def _plain(text: str) -> str:
    """The list without links, emphasis and brackets around all of it."""
    text = LINKED.sub(r"\g<name>", text) if "](" in text else text
    text = _AROUND.sub(" ", _ENTITY.sub('"', text))
    text = _BLANKS.sub(" ", text).strip(" \t")  # patterns look at a run of them once for each
    around = len(text) > 2 and (text[0], text[-1]) in (("[", "]"), ("(", ")"))
    return text[1:-1] if around and text.count(text[0]) == 1 else text


def _name(crowd: Crowd, part: str) -> str:
    """A name without 님, and without what stands before it: `팀장 이하늘`, `나래연구소 이하늘`."""
    name = bare_name(crowd, part)
    if (turned := _REVERSED.fullmatch(name)) and is_family(turned["family"]):
        return turned["given"]
    first, blank, rest = name.rpartition(" ")
    if not blank or shape_of(name) == "latin":
        return name
    few = first.count(" ") < FEW or first.endswith(":")  # else it is a sentence
    if crowd.lexicon.title.fullmatch(first) and listed_shape(rest):
        return rest  # `부국장 이하늘`
    if few and is_full_name(crowd, rest) and not is_full_name(crowd, first):
        return rest
    if is_full_name(crowd, first) and _WHAT_FOR.fullmatch(rest):
        return first  # `이하늘 PM`
    return rest if shape_of(rest) == "kanji" and _FOREIGN.search(first) else name
