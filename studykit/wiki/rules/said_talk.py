"""Talks by their own line: `발표 1: DDPM - 현수`, `현수: DDPM 발표`, `Talk by Robin: clouds`."""

from __future__ import annotations

import re

from studykit.wiki.endings import is_sentence
from studykit.wiki.evidence import full_names, names_in, stated_names
from studykit.wiki.lexicon import squeeze
from studykit.wiki.rows import OUTLINE, Row
from studykit.wiki.rules.letters import in_any_case
from studykit.wiki.rules.link import LINKED
from studykit.wiki.rules.presenter import Found
from studykit.wiki.rules.state import State
from studykit.wiki.times import CLOCK, DATE, DAY

__all__ = ["TELLING", "message_talk", "names_subject", "said_talk", "told_talk"]

LONGEST = 120
SHORT = 40
WIDE = 200
_PART = r"(?:secs?|sections?|ch(?:apters?|s)?|§|parts?) ?\.? ?\d"
_SPEAKS = ("us through", "read a paper", "will speak", "spoke on", "slides on")
_LED = tuple(rf"{verb}(?<=\b{verb}) {_PART}" for verb in ("did", "took", "led", "covered"))
TELLING = (
    rf"논문 설명|talks about|introduces|demos|{'|'.join(_SPEAKS)}|担当で|担当は|{'|'.join(_LED)}"
    rf"|presented(?<=\bpresented) {_PART}"
)
"""What sentences that tell of a talk have, beside the words for one: `Robin did sec 3`."""
_WORD = re.compile(
    r"발표|발제|세미나|리뷰|소개[하한함]|논문 설명|発表|担当|輪読|紹介|話|回|"
    + in_any_case(
        *("talk", "present", r"demo(?<=\bdemo)\b", r"intro(?<=\bintro)", "introduces", "demos"),
        *(*_SPEAKS, *_LED),
    )
)
_MARK = re.compile(
    r"[(\[]?(?P<mark>[^\W\d_][^\d:.()\[\]]{1,12}?)[ \t]?#?\d{0,2}"
    r"(?:[)\]:][ \t]*|\.[ \t]+)(?P<rest>\S.+)"
)
_BEHIND = (
    re.compile(r"(?P<subject>\S.*?)[ \t]*[(\[](?P<who>[^()\[\]]{2,40})[)\]][ \t.]*"),
    re.compile(r"(?P<subject>\S.*?)[ \t]+[-–—/|][ \t]*(?P<who>[^-–—/|]{2,40})"),
)
_BEFORE = (
    re.compile(r"(?P<who>[^-–—:「]{2,40}?)[ \t]*[-–—:][ \t]*(?P<subject>\S.+)"),
    re.compile(r"(?P<who>[^「」]{2,20}?)[ \t]*「(?P<subject>[^「」]+)」[ \t。]*"),
)
_GIVES = re.compile(
    r"(?P<who>[^:,]{2,24}?)"
    r"(?:[ \t]*(?::|→|[-=]>)[ \t]*|[ \t]+-[ \t]+|[이가의]?[ \t]+|(?<=さん)[がの]?[ \t]*)"
    r"(?P<subject>[^:]{2,40}?)(?:을|를|の)?[ \t]+(?:발표|발제|発表)(?:[ \t]?예정)?[ \t.]*"
)
_GIVEN = re.compile(
    r"(?P<subject>[^:]{2,40}?)[ \t]*(?:발표|발제)[ \t]*(?:→|[-=]>|/)[ \t]*(?P<who>[^:]{2,24})"
)
_LAST_GIVES = re.compile(
    r"(?P<subject>[^:]{2,40}?)[ \t]+(?P<who>[^\s:]{1,8}?)(?:이?가|님이?)?[ \t]+(?:발표|발제)"
    r"(?:[ \t]?예정)?[ \t.]*"
)
"""`4장 구름의 종류 현수 발표`."""
_GIVEN_OF = re.compile(
    r"(?P<who>[^:–—-]{2,24}?)의?[ \t]+(?:발표|발제)(?:[ \t]?시작)?[ \t]*(?::|[ \t][-–—])[ \t]*"
    r"(?P<subject>\S.{1,60})"
)
_NEXT_TALK = re.compile(
    r"(?:다음|담|차주|다다음)[ \t]?(?:발표|발제)[ \t:-]+(?P<subject>\S.{1,60}?)"
    rf"[ \t]*\((?P<who>[^(),]{{1,16}})(?:,[ \t]*{DAY.pattern})?\)"
)
_AND_THEN = re.compile(
    r"그 ?다음(?:은|에는|에)?[ \t]+(?:(?:발표|발제)(?:는|[ \t]*:)?[ \t]+)?(?P<subject>\S.{1,60}?)"
    rf"[ \t]*\((?P<who>[^(),]{{1,16}})(?:,[ \t]*{DAY.pattern})?\)"
)
_COMMA = re.compile(r"(?P<subject>[^,]{2,40}),[ \t]*(?P<who>[^,]{2,12}?)[ \t]*발표[ \t.]*")
_CALLED = re.compile(
    r"(?P<subject>\S.{1,60}?)[ \t]*(?:[:/,|(\[]|[ \t][-–—])[ \t]*"
    r"(?P<word>[^\W\d_]{3,9})[ \t]*:?[ \t]*(?<=[ \t:])(?P<who>[^():]{2,40}?)[)\]]?[ \t.]*"
)
"""`구름의 종류 : 발표자 현수`."""
_ENGLISH = (
    re.compile(
        r"(?:talk|presentation) by (?P<who>[^:]{2,40})[ \t]*[:–-][ \t]*(?P<subject>\S.+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<subject>\S.{2,80}?),?[ \t]+\(?presented by (?P<who>[^():]{2,40})\)?[ \t.]*",
        re.IGNORECASE,
    ),
)
_WILL_PRESENT = re.compile(
    r"(?P<who>@?[A-Z][\w'’-]{1,20}(?: [A-Z][\w'’-]{1,20})?"
    r"(?:(?:,| and| &) [A-Z][\w'’-]{1,20}){0,3})"
    r"(?: will present| presents| presented| is presenting| is going to present|'ll present)"
    r"(?: on)?[ \t]*(?P<subject>[^.]{0,80})[.]?"
)
"""With nothing but a time behind it, too: `Robin will present next week (Chapter 3)`."""
_TOLD = (
    re.compile(
        rf"(?P<subject>(?!))?(?:.{{0,12}}[ \t])?[가-힣]{{0,4}}(?:발표|발제)[ \t]*"
        rf"(?:(?:{DAY.pattern})[ \t]*(?:\([^()]{{1,3}}\))?)?[ \t]*[-–:][ \t]*"
        r"(?P<who>\S{2,10}?)(?:이가|이|가)[ \t]+(?:함|합니다|하기로|맡음|담당|진행)[.]?"
    ),
    re.compile(
        r"(?P<subject>(?!))?(?:.{0,20}[ \t])?(?:발표|발제)자(?:는|은)[ \t]+(?P<who>\S{2,16})[.]?"
    ),
    re.compile(
        r"(?P<subject>[^\s:][^:]{0,40}?)? ?(?:발표|발제)는[ \t]+(?P<who>\S.{0,30}?)(?:이가|이|가)?"
        r"(?:[ \t](?:담당|진행|하기로|맡|준비).{0,10}|[ \t](?:한다|함|합니다|하고)\b.{0,60}"
        r"|(?<=님)?(?:이었어요|이었습니다|이었음|였어요|였습니다|였음|이에요|예요|입니다))?[.]?"
    ),
    re.compile(
        r"(?P<who>\S.{0,20}?)(?:[이가은는]|께서)[ \t]+"
        r"(?P<subject>\S.{0,40}?)(?:을|를)?[ \t]+발표[ \t]?"
        r"(?:예정|할[ ]예정|담당|진행|준비|함|합니다|한다|하기로[ ]?\S{0,5}|하?셨\S{1,3}|했\S{1,3})"
        r"[.]?"
    ),
    re.compile(
        r"(?:.{0,24}[ \t])?(?:발표|발제)(?:는|은)[ \t]+"
        r"(?P<who>[^\s'\"“‘「『]{2,12}?(?:[ \t]?(?:선생님|교수님|님|씨))?)"
        r"(?:의|이|가|께서|,)?[ \t]+['\"“‘「『](?P<subject>[^'\"”’」』]{2,60})['\"”’」』].{0,24}"
    ),
    re.compile(
        r"(?P<who>\S.{0,12}?)(?:[ ]?(?:이가|이|가))[ \t]+(?:발표|발제)"
        r"(?:합니다|함|하기로[ ]?함|한다|예정)[ \t]*[:-][ \t]*(?P<subject>\S.{1,80})"
    ),
    re.compile(
        r"(?P<who>\S.{0,20}?)(?:[이가은는]|께서)[ \t]+(?P<subject>\S.{0,60}?)[ \t]+(?:발표|발제)를"
        r"[ \t]+(?:맡|담당|진행|준비|하기로|해[ ]?주)\S{0,5}[ \t]?\S{0,4}[.]?"
    ),
)
_GAVE = (
    re.compile(
        r"(?:(?:오늘|금일|이번[ \t]?주)(?:은|는)?[ \t]+|먼저[ \t]+|^|[,.][ \t]+)"
        r"(?P<who>[가-힣A-Za-z]{2,12}?)"
        r"(?:님|씨|[ ](?:선배|선생|교수|박사|회원|학생)님?)?(?:이가|이|가|은|는|께서)[ \t]+"
        r"(?P<subject>\S[^.,]{1,60}?)[ \t]?(?:을|를)?[ \t]+"
        r"(?:(?:간추려|요약해서?|정리해서?|준비해서?)[ \t]+)?"
        r"(?:\d{1,3}분(?:[ \t]?정도)?(?:동안)?[ \t]+)?"
        r"(?:요약[ \t]?)?(?P<word>발표|발제|소개|(?<=논문 )설명)[ \t]?(?:할|하|해|함|했|한|합)"
    ),
    re.compile(
        r"^(?:오늘(?:은)?|금일|이번[ \t]?주)?[ \t]*(?P<subject>[^.,:]{2,60})[.,][ \t]+"
        r"(?P<who>[가-힣]{2,4}?)(?:님이|이가|이|가)[ \t]+(?P<word>발표)(?:했|함|해[ ]?주)"
    ),
    re.compile(
        r"^(?P<who>[A-Z][\w'’-]{1,20}) (?:did|took|led|covered|presented) "
        rf"(?P<subject>{_PART}[^,.;]{{0,40}})(?=[,.;]|$)"
    ),
    re.compile(
        r"^@?(?P<who>[\w-]{2,24}(?: [A-Z][\w-]{1,20})?) (?:talks about|introduces|presents|demos)"
        r" (?P<subject>(?!(?:how|why|what|that|the|a|an|his|her|their)\b)\S[^.;]{2,80})"
    ),
    re.compile(
        r"(?:^|[ ])(?P<who>[A-Z][\w'’-]{1,20}) (?:did|gave) (?:the|a|today's) talk,?(?: on)? "
        r"[\"“](?P<subject>[^\"“”]{4,120})[\"”]"
    ),
    re.compile(
        r"^(?P<who>[A-Z][\w'’-]{1,20}) (?:took|walked|led) us through "
        r"(?P<subject>(?:the )?(?:sections?|secs?|chapters?|ch|parts?|§)\b[^,.;]{2,80}"
        r"(?:\.\d[^,.;]*)?)"
    ),
    re.compile(
        r"^(?P<who>[A-Z][\w'’-]{1,20}) (?:took|walked|led) us through (?:it|the paper)"
        r"(?P<subject>(?!))?[.,]"
    ),
    re.compile(
        r"^(?P<who>[A-Z][\w'’-]{1,20}) (?:kicked (?:us|things) off|opened|started(?: us)?(?: off)?)"
        r" (?:w/|with) (?:(?:her|his|their|some|a few) )?slides on (?P<subject>[^,.;:]{2,60})"
    ),
    re.compile(
        r"(?:^|。)(?:発表|担当|発表者|発表担当)は(?P<who>[^\s、。は「」]{1,8}?)(?:さん|氏)"
        r"(?:。|$|で[、 ](?P<subject>[^。]{2,80}))"
    ),
    re.compile(
        r"^(?P<who>[^\s、。は「」]{1,8}?)(?:さん|氏)?の?担当で[ \t]*(?P<subject>\S[^。]{1,120}?)"
        r"(?=。|$)"
    ),
    re.compile(
        r"(?:^|、|は)(?P<who>[^\s、。は「」]{1,8}?)(?:さん|氏|くん|君)?が"
        r"(?P<subject>「[^「」]{2,60}」|[^、。を]{2,40})(?:を|について)(?:紹介|発表|話)"
    ),
    re.compile(
        r"^(?P<who>[^\s、。は「」]{1,8}?)(?:さん|氏)?の(?P<subject>[^、。の]{2,30})回(?:。|$)"
    ),
    re.compile(
        r"(?:^|[.;:,\d][ \t]+|and[ \t]+)(?P<who>[A-Z][\w'’-]{1,20}(?: [A-Z][\w'’-]{1,20})?)[ \t]+"
        r"(?:gives|gave|will give|is giving|does|did|will do|is doing|presents|presented)[ \t]+"
        r"(?:an?|the|her|his)[ \t]+"
        r"(?:(?:short|quick|practice|lightning|\d{1,2}[ -]min(?:ute)?)[ \t]+)*"
        r"(?:talk|presentation|demo|intro|introduction|lightning talk)"
        r"[ \t]+(?:on|to|of|about)[ \t]+(?P<subject>[^.,;]{2,60}?)(?:[ \t]+if\b[^.]*)?(?=[.,;]|$)"
    ),
    re.compile(
        r"(?:^|[.;:,][ \t]+|and[ \t]+)(?P<who>[A-Z][\w'’-]{1,20})[ \t]+(?:also[ \t]+)?"
        r"(?:(?:walked|led|took) us through|presented|will present|read a paper|will speak on"
        r"|spoke on)(?:[ \t]+the paper)?(?:[ \t]+(?:entitled|called|titled))?[ \t]+"
        r"[*_]{0,2}(?P<open>[*_\"“‘])(?P<subject>[^*_\"”’]{4,120})[*_\"”’]"
    ),
)
"""Somebody gives a talk, in a sentence that says more."""
_LATIN = re.compile(r"[A-Za-z]{3}")
_ITS_CLAUSE = re.compile(r"(?P<before>^.{2,60}?(?:이고|[하했]고|,))[ \t]*발표는[ \t]")
_AGREED = re.compile(r"기로[ ]?(?:함|했\S{1,3}|하였\S{1,3}|결정\S{0,3}|한다|합니다)[\s.!]*$")
_CHARGED = (
    re.compile(
        r"(?:(?:今日|本日|今回|次回)[ \t]?(?:は|の|:)?[ \t]*)?"
        r"(?P<subject>[^。、:]{2,40}?)(?:を読む)?"
        r"[。、: \t]+担当(?:者)?(?:は|:)[ \t]*(?P<who>[^\s。、()]{1,10}?(?:さん|氏)?)[。 \t]*"
    ),
    re.compile(
        r"(?:今日|本日|今回|次回)の担当は(?P<who>[^\s。、()で]{1,12}?(?:さん|氏)?)(?:で|、)"
        r"(?P<subject>[^。]{2,40}?)(?:\([^()]{1,16}\))?[。 \t]*"
    ),
)
_DONE = re.compile(
    r"(?<=[ \t])(?P<word>발표|발제)[ \t]?"
    r"(?:(?:ㄱㄱ|함|했음|하심|합니다|했습니다|할 차례|하기로(?: ?함)?|할게요)"
    r"(?:[.!][ \t].*|[.!~ㅎㅋ]*)|[.!][ \t].*)$"
)
"""`구름의 종류 발표함. 종류가 열 가지`."""
_LAST_ASIDE = re.compile(r"[ \t]*\([^()]{1,20}\)$")
_DAY_BEHIND = re.compile(rf"(?<=발표|발제),[ \t]+(?:{DAY.pattern})$")
_WHEN_BEHIND = re.compile(rf"(?:발표|발제)(?:,[ \t]+|[ \t]*\()(?:{DAY.pattern})\)?$")
_NO_SUBJECT = re.compile(
    r"(?:다음|이번|지난|오늘|내일|금일|차주|금주|중간|최종|기말|next|last|final|mid-?term|first|second|each|every)\b.{0,6}"
    r"|\d{1,3}(?:차|회차?|번째|분|월|일)|[가-힣]{0,6}[ \t]?(?:스터디|모임|회의|미팅)",
    re.IGNORECASE,
)
_JOINS = re.compile(r"(?:및|와|과|하고|겸|[다라자]고|[,&+/])$")
_PART_OF_WORK = re.compile(
    r"(?:ppt|피피티|자료|대본|슬라이드|영상|시연|데모|리허설|연습|질의 ?응답|사회|진행|준비|역할"
    r"|담당|참석|참여|기록|총괄|보조)$",
    re.IGNORECASE,
)
_PART_LETTERS = frozenset("tT티료본드상연모설습답회행비할당석여록괄조")
"""Those in which all these end."""
_FEEDBACK = re.compile(
    f"질문|피드백|의견|답변|{in_any_case('question', 'comment', 'feedback', 'q&a')}"
)
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")


def said_talk(state: State, row: Row) -> Found | None:
    """The subject, the presenters and the reason, where a line by itself says that it is a talk."""
    words = row.words[:LONGEST]
    if not row.listed and (following := _next(state, row)):
        return following
    kind = state.section.kind
    if kind == "task" and not row.listed and (gave := _gave(state, words)):
        return gave
    if kind == "task" and _WHEN_BEHIND.search(words):
        return _gives(state, row, words)  # `하늘 : 구름의 종류 발표 (3/14)`
    if kind in ("task", "question", "decision") or not _WORD.search(words):
        return None
    return (
        _marked(state, words)
        or _in_charge(state, words)
        or _called(state, words)
        or _gives(state, row, words)
        or _in_english(state, words)
        or _gave(state, words)
    )


def told_talk(state: State, words: str) -> Found | None:
    """`DDPM 발표는 현수님`, `현수님이 DDPM 발표 예정`."""
    words = words[:WIDE]
    if "발표" not in words and "발제" not in words:
        return None
    words = _LAST_ASIDE.sub("", words).rstrip(" !~ㅎㅋ")
    if clause := _ITS_CLAUSE.search(words):  # `중간발표는 4/20이고 발표는 하늘이 한다`
        words = words[clause.end("before") :].lstrip(" ,")
    for pattern in _TOLD:
        match = pattern.fullmatch(words)
        if match and (found := names_in(state.crowd, match["who"]))[0]:
            if match["subject"] is None and _AGREED.search(words):
                return None  # `발표는 현수가 맡기로 함` was settled, and of no title
            subject = state.lexicon.when.sub("", match["subject"] or "").strip().removeprefix("에")
            tells = is_sentence(subject) and not subject.endswith("?")  # `모였다. 발표는 하늘`
            subject = "" if tells else subject.strip()
            return subject or None, found[0], f"who presents what: {found[1]}"
    return None


def message_talk(state: State, row: Row, words: str) -> Found | None:
    """The talk that a message of a chat tells of: `오늘 발표는 하늘님이었어요`."""
    if state.section.kind in ("task", "question", "decision") or not _WORD.search(words):
        return None
    return told_talk(state, words) or _gives(state, row, words)


def _gave(state: State, words: str) -> Found | None:
    """Who gave what: `하늘님이 구름의 종류를 발표해 주셨고 …`, `Robin gives a talk on fog`."""
    words = LINKED.sub(r"\g<title>", words) if "](" in words else words
    for pattern in _GAVE:
        match = pattern.search(words)
        found = names_in(state.crowd, match["who"]) if match else ((), "")
        if match is None or not found[0]:
            continue
        subject = (match["subject"] or "").strip("「」* ")
        if match["subject"] is None:
            return None, found[0], f"who presents: {found[1]}"
        introduced = match.groupdict().get("word") == "소개"  # of people and plans, too
        if names_subject(state, subject, work=True) and (not introduced or _LATIN.search(subject)):
            return subject, found[0], f"who gave what: {found[1]}"
    return None


def _marked(state: State, words: str) -> Found | None:
    """`발표 1: DDPM (현수)`, `[발표] DDPM - 현수`, `발제 : 현수 - DDPM`."""
    match = _MARK.fullmatch(words)
    if match is None or state.lexicon.marks.get(squeeze(match["mark"])) != "talk":
        return None
    rest = match["rest"]
    for patterns, where in ((_BEHIND, "behind"), (_BEFORE, "before")):
        for pattern in patterns:
            found = pattern.fullmatch(rest)
            if found is None or not names_subject(state, found["subject"]):
                continue
            people = full_names(state.crowd, found["who"])
            if people:
                return (
                    found["subject"].strip(),
                    people,
                    f"the mark {match['mark']}, and names {where} it",
                )
    return None


def _in_charge(state: State, words: str) -> Found | None:
    """`今日：雲の種類　担当は三浦さん`, `今日の担当はkentで雲の種類`."""
    if "担当" not in words:
        return None
    for pattern in _CHARGED:
        match = pattern.fullmatch(words)
        people, why = names_in(state.crowd, match["who"]) if match else ((), "")
        if match and people and names_subject(state, match["subject"], work=True):
            return match["subject"].strip(), people, f"who is in charge of what is read: {why}"
    return None


def _called(state: State, words: str) -> Found | None:
    """`구름의 종류 : 발표자 현수`: names, with the word for who presents before them."""
    match = _CALLED.fullmatch(words)
    if match is None or squeeze(match["word"]) not in state.lexicon.presenter:
        return None
    people = stated_names(state.crowd, match["who"])
    subject = _FEEDBACK.sub("", match["subject"], count=1)  # `면접 질문 스터디 : 발표자 현수`
    if not people or not names_subject(state, subject, work=True):
        return None
    return match["subject"].strip(), people, f"the word {match['word']}, and names behind it"


def _gives(state: State, row: Row, words: str) -> Found | None:
    """`현수: DDPM 발표`, `현수님이 DDPM 발표`, `DDPM, 현수 발표`, `DDPM 발표 -> 현수`."""
    if row.level or len(words) > SHORT + SHORT:
        return None
    words = _behind_time(state, words)
    if row.listed and (following := _next(state, row)):
        return following  # other lines were asked at once
    for pattern in (_GIVES, _LAST_GIVES, _GIVEN, _GIVEN_OF, _COMMA):
        match = pattern.fullmatch(words)
        if match and names_subject(state, match["subject"], work=True):
            people, why = names_in(state.crowd, match["who"])
            if people:
                return match["subject"].strip(), people, f"who presents what: {why}"
    return None


def _next(state: State, row: Row) -> Found | None:
    """`다음 발표 DDPM (현수)`, and right below another talk `그다음 VAE (인서)`."""
    match = _NEXT_TALK.fullmatch(row.words)
    if match is None and state.row_of(row.line.number) - 1 == state.talk_row:
        match = _AND_THEN.fullmatch(row.words)
    if match is None or not names_subject(state, match["subject"]):
        return None
    people, why = names_in(state.crowd, match["who"])
    return (match["subject"], people, f"who presents what next: {why}") if people else None


def _behind_time(state: State, words: str) -> str:
    """What stands behind `다음 주 목요일`, `3월 14일:` or `4.1.`, without what adds nothing."""
    for _ in range(3):
        for pattern in (CLOCK, OUTLINE, DATE, DAY, state.lexicon.when, state.lexicon.days):
            if time := pattern.match(words):
                words = words[time.end() :].lstrip(" \t:,")
                break
    words = _LAST_ASIDE.sub("", words)
    if behind := _DAY_BEHIND.search(words):
        words = words[: behind.start()]  # `구름의 종류 발표, 3/14`
    return _DONE.sub(r"\g<word>", words)


def _in_english(state: State, words: str) -> Found | None:
    """`Talk by Robin: clouds`, `Clouds (presented by Robin)`."""
    for pattern in _ENGLISH:
        match = pattern.fullmatch(words)
        if match and names_subject(state, match["subject"]):
            people, why = names_in(state.crowd, match["who"])
            if people:
                return match["subject"].strip(" ,("), people, f"presented by, and names: {why}"
    if " present" in words and (match := _WILL_PRESENT.search(words)):
        return _who_presents(state, match)
    return None


def _who_presents(state: State, match: re.Match[str]) -> Found | None:
    """The talk of `Robin will present Chapter 3 next week`, where the note knows Robin."""
    people, why = names_in(state.crowd, match["who"])
    subject = match["subject"].strip(" ,()")
    for pattern in (state.lexicon.when, state.lexicon.days):
        subject = pattern.sub("", subject).strip(" ,()")
    paper = subject.endswith((" paper", " chapter", " tutorial"))
    if paper:
        subject = subject.removeprefix("the ")
    if not people or subject.startswith(
        ("to ", "the ", "a ", "an ", "his ", "her ", "their ", "our ")
    ):
        return None  # `presented the results` tells of what was found
    return subject or None, people, f"a name and who presents: {why}"


def names_subject(state: State, subject: str, *, work: bool = False) -> bool:
    """Whether the words can be what somebody presents: no time, no verdict, no part of the work.

    With `work` they may say what is done: beside a name and 발표, `시계열 분석` is a title.
    """
    subject, lexicon = subject.strip(), state.lexicon
    tells = is_sentence(subject) and not (work and subject.endswith("?"))  # `기댓값이란?`
    remarks = len(subject) <= SHORT and _FEEDBACK.search(subject)  # no `… with Implicit Feedback`
    if _NO_SUBJECT.fullmatch(subject) or tells or remarks:
        return False
    if subject[-1:] in _PART_LETTERS and _PART_OF_WORK.search(subject):
        return False
    if _JOINS.search(subject) or (not work and lexicon.work.search(subject)):
        return False  # `자료 조사 및 발표`
    word = squeeze(subject)
    if (
        names_in(state.crowd, subject)[0]
        or word in lexicon.nobody
        or word in lexicon.common
        or word in lexicon.subjects
    ):
        return False
    dated = _DIGIT.search(subject)
    for pattern in (lexicon.days, lexicon.when, *((DATE, DAY) if dated else ())):
        subject = pattern.sub("", subject)
    return _LETTER.search(subject) is not None
