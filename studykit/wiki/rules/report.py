"""Turns with other signs or none: `현수님 코드 정리 중`, `佐藤さん＜ …`, `현수님 의견 : …`."""

from __future__ import annotations

import re
from itertools import islice, takewhile

from studykit.wiki.endings import LAST_ASIDE, PAST, with_final
from studykit.wiki.evidence import IN_PASSING, INTENDS, names_in
from studykit.wiki.evidence.crowd import is_usual_name
from studykit.wiki.labels import Label
from studykit.wiki.records import Opinion, Point, Task
from studykit.wiki.rows import OUTLINE, Row
from studykit.wiki.rules.asking import asks
from studykit.wiki.rules.decision import closes
from studykit.wiki.rules.inside import take_inside
from studykit.wiki.rules.marked import add_question
from studykit.wiki.rules.reply import before_replies
from studykit.wiki.rules.state import State

__all__ = ["add_opinion", "report", "whose_view"]

MOST = 3
"""A name has one word or two: `현수 학우`."""
_NAME = r"(?:[A-Z]\. )?[A-Z][\w'’-]{1,20}(?: [A-Z][\w'’.-]{0,20}){0,2}"
_SUBJECT = re.compile(
    r"(?:(?:Mrs?|Ms|Miss|Dr|Prof)\.? )?"
    rf"(?P<who>{_NAME}(?:(?:, | and | & ){_NAME}){{0,3}}) (?=[a-z])"
)
_DID = re.compile(
    r"(?:also |then |later )?(?:[a-z]{2,14}ed|got|took|gave|went|made|wrote|built|did|found|sent"
    r"|ran|met|led|had [a-z]{2,14}ed|had trouble"
    r"|had (?:got|made|written|built|done|found|sent|run|taken|read)"
    r"|was(?:n['’]t| not) convinced|is(?:n['’]t| not) convinced|pushed back|did(?:n['’]t| not) buy"
    r"|does(?:n['’]t| not)? ?(?:buy|believe)|doubts|would like|would rather|wants|wanted"
    r"|brought|began|left|came|kept|held|drew|chose|spoke|taught|told|set up)"
    r"(?! to\b)\b"
)
"""What somebody did, in English minutes."""
_JAPANESE = re.compile(
    r"@(?P<who>[A-Za-z][A-Za-z\d_-]{1,38})[ \t]?(?:さん|氏|くん)?[はが](?=\S.*(?:た|る|す)。)"
)
"""`@robinさんは地図を描きました。`"""
_HONOURED = re.compile(
    r"(?P<who>[^\s、。「」:]{1,8}(?:さん|氏))(?:(?:より|から|が|は|曰く|によると)[、 ]*|、)(?=\S)"
)
_TOLD_OF = re.compile(
    r"(?:た|報告|とのこと|作成|提案|指摘|意見|共有|説明|発言|紹介|導出|解説|計算|証明|感想|反省|くださる|下さる|くれる)[。.\s]*$"
)
"""`佐藤さんより、地図が小さいとの報告。`"""
_KOREAN = re.compile(
    r"(?:(?:먼저|우선|이어서|이어|반면|한편|이에|그러자|끝으로|마지막으로|다음으로|여기에(?: 대해)?"
    r"|이에 대해|그에 대해|거기에|반대로|또|그리고|그러나|하지만)(?:,[ \t]*|[ \t]+))?"
    r"(?P<who>(?:[^\s,:(]{2,12}|[^\s,:(]{2,8}[ \t][가-힣]{2,5}?)(?:[ \t]?(?:님|씨))?)"
    r"(?:이가|이는|이도|께서는|께서|이|가|은|는|도|"
    r"이?[ \t]?(?:曰|왈)|[ \t](?:답하기를|말하기를|답하길|말하길)|이?[ \t]?(?:말로는|의견으로는)),?"
    r"[ \t]+(?=\S)"
)
_BARE = re.compile(
    r"(?P<who>[가-힣A-Za-z]{2,10}(?=님)|[가-힣]{2,4})(?P<gap>(?:님|씨)?[ \t]+)(?!-)\S[^:,]{0,60}?"
    r"(?:(?<=[ \t])(?:얘기|이야기|고민|자랑)|(?:설명|공유|소개|질문|제안|시연|보고)"
    r"(?:함|해줌|하심|해주심))"
)
_LAST_DID = re.compile(
    r"[^:,]{2,60}[ \t](?P<who>[가-힣]{2,4}?)(?:님)?(?:이가|이|가)[ \t]+"
    r"(?:찾음|찾아[옴줌]|공유(?:함|해줌)?|(?:알려|보내|찾아|설명해|공유해)(?:줌|주심)"
    r"|추천(?:함|해줌)?|설명(?:함|해줌)|발견)"
)
_DID_LETTERS = frozenset("기민랑함줌심음옴유천명견")
"""Those in which the two above end."""
_SOLVED = re.compile(
    r"(?:\S[^:]{0,80}?[ \t])?(?P<who>[가-힣]{2,4}?)(?:님|형|샘|쌤)?(?:이가|이|가)?[ \t]+"
    r"(?:(?:품|풂|풀었(?:음|다|어요)|풀어(?:옴|왔음|줌)|못[ ]?(?:품|풀었음))(?:,[ \t].{1,60})?"
    r"|풀다가[ \t].{1,60})"
)
"""`26-3 하늘 풀었음`, `#5 덮개 -- 하늘이 품, 두 번`: whose exercise it was."""
_SMALL = tuple(
    re.compile(rf"(?:then |and |so |but )?(?P<who>[A-Za-z][\w'’-]{{1,20}}{more}) ")
    for more in ("", " [A-Za-z][\\w'’-]{1,20}")
)
"""`robin says …`, `then Robin asked …`."""
_BESIDE = re.compile(r"(?<=[ \t])(?P<who>[가-힣]{2,4}?)(?:이가|이|가)[ \t]")
"""`하늘이 코드에서 … 구름이 설명해 줌`."""
_SECOND = re.compile(
    r"(?:[고며쪽],?|지만|는데|[음함임다][.,])[ \t]+"
    r"(?P<who>[가-힣]{2,4}?(?:님|씨)?)(?:이는|은|는|이가|이|가)[ \t]"
)
"""`하늘이는 산이 좋다고 했고 구름이는 …`: who else says something."""
_DONE_BY = re.compile(rf"[ \t]*\S{{0,8}}[{with_final('간')}은는던][ \t]\S")
_WHOSE = re.compile(r"(?:말한|올린|보낸|준|추천한|공유한|쓴|만든|빌려준)[ \t]\S+[은는][ \t]")
_HONOURS = re.compile(r"(?:하심|하셨\S{0,3}|하시는 듯|주심|주셨\S{0,3})[\s.!~]*$")
_POLITELY = re.compile(
    r"(?:말씀|의견|질문|설명|공유|제안|소개)(?:을|를)?[ ]?(?:해[ ]?)?(?:주셨|주심|하셨|하심)"
    r"|[다라냐자]고[ ]?(?:하셨|하심|하시)|[다냐라자]고요[\s.!~)]*$"
    r"|(?:셨다|셨습니다|셨어요|셨음|주심)[\s.!~)]*$"
)
"""What one says of those who were there, and not of who wrote the book."""
_ADDRESS = re.compile(r"[ \t]*[(<]?https?://\S+")
_ANOTHER = re.compile(r"[가-힣]님(?:이|께서|은)[ \t]")
_SENTENCE = re.compile(r"[.!?](?<=[가-힣)].)[.!?]*[ \t]")  # a sign at first: found fast
_REPLIES = re.compile(
    r"(?:would (?:like|prefer|rather)|looked|explained|did|does|didn['’]t|isn['’]t"
    r"|is (?:against|for)"
    r"|wasn['’]t|was (?:against|for)|[a-z]{2,12}ed)\b"
)
_ALSO = re.compile(
    rf"(?:[.;,!?][\"”’)]?|\band|\bbut)[ \t]+(?:(?:and|but|then|so) )?(?P<who>{_NAME})[ \t]+"
    r"(?=[a-z])"
)
"""`Robin asked why; Sky said that …`: who else says something."""
_ASKED = re.compile(
    r"(?:also )?(?:asked|asks|wondered|wonders|wanted to know|wants to know)"
    r"(?: us| everyone)?[ \t:]+"
    r"(?P<what>(?:whether|if|why|how|what|who|when|where|which|is|are|does|do|can|could|should)\b)",
    re.IGNORECASE,
)
_ASKED_IN_JAPANESE = re.compile(
    r"(?:か|は|と)(?:と)?(?:の|という|との)?質問(?:があ|が出|した|。|$)|かと(?:聞|訊|尋)"
)
_GIVEN_NEXT = re.compile(rf"[.;?!][ \t]+(?P<who>{_NAME}) (?:will|to|is going to|is to) (?=[a-z])")
_PRONOUNS = ("We", "They", "He", "She", "You", "It", "This", "That")
_ENTERS = re.compile(r"^(?:들어왔|나갔)습니다\.?$")
"""What a messenger itself says."""
_COMING = re.compile(
    r"예정|신다고|할 것|하기로|기로 (?:함|했|하|결정)"
    r"|(?:요일|[월일주욜]|내일|모레|오늘|저녁|아침|[시때])까지"
    r"|\d까지(?!.*[없있였았었했]다고)"
    r"|다음 ?주|담주|차주|오기$|하기$|계획"
)
_SAYS = re.compile(
    r"(?:[다라자냐]고|[다라]는(?: 의견)?|고요|공유|설명|제안|언급|의견|보고|지적|질문|고백|발표"
    r"|입장|쪽이(?:었다|다|라고)|쪽|반박|반론|주장|동의|공감|강조|추천"
    r"|[다라자냐]고 ?(?:해서|하니까?|하길래|하던데|하네|하는데|해)"
    r"|[다라자냐]고 ?[가-힣]{1,5}(?: [가-힣]{1,4})?[다함음요]"
    r"|함|됨|음|봄|심|줌|옴|감|씀|짬|둠|[가-힣]더라"
    rf"|(?:[다한된간난{with_final('갔')}]|좋|싫|같|많|적|맞|싶)대요?|(?:이|아니|하|있|없|같)래요?)(?:함|했음)?[\s.!~)ㅋㅎ]*$"
)
"""How minutes end what somebody said or did, beside `…다` and `…음`."""
_ASKED_SO = re.compile(
    r"(?:[냐지]고|[는은인]지|[를을])[ ]?"
    r"(?:물어[봄봤]\S{0,2}|물었\S{1,3}|질문(?:함|하심|했\S{1,3}))[\s.!~]*$"
)
_SAID = re.compile(
    r"(?:[다라자냐]고 (?:함|했음|하심)|[해려여와어]줌|주심|적이래|[^\s]{2}대요)(?=[ ,])"
)
"""`하늘이 칠판에 그려줌 이제 알겠다`: what somebody did, before more in one line."""
LONGEST = 400
SHORT = 40
FEW = 12
TAIL = 24
_TURNED = re.compile(r"(?P<who>[^\W\d_]{1,12}(?:さん|氏|君|님|씨))[ \t]*<[ \t]*(?=[^\W\d_][^<>]*$)")


def report(state: State, index: int) -> int:
    """Claim a paragraph that begins with who says it, where the note's others do so as well."""
    row = state.rows[index]
    if row.kind != "words" or row.line.number in state.crowd.rosters:
        return 0
    reporting = state.crowd.reporting
    outline = OUTLINE.match(row.words) if row.words[:1].isdigit() else None
    begin = outline.end() if outline else 0
    told = _SUBJECT.match(row.words, begin) if row.words[begin : begin + 1].isupper() else None
    told = told or (_JAPANESE.match(row.words) if row.words[:1] == "@" else None)
    told = told or (_HONOURED.match(row.words) if "さん" in row.words[:12] else None)
    may_be = row.words[:1].isalpha() and not row.words.isascii()
    korean = _KOREAN.match(row.words) if may_be else None
    korean = korean if korean and _known(state, korean["who"]) else None
    told = told or _small(state, row)
    korean = korean or (None if told or row.listed else _later(state, row))
    bare = None if told or korean else _without_particle(state, row)
    begins = told or korean or bare or "<" in row.words[:16] or row.line.number in reporting
    if not begins:
        return 0
    closed = state.section.kind in ("task", "talk", "link") and not state.stands_apart(index)
    if row.level or closed:
        return 0
    speaker, said, reason = "", 0, ""
    if row.line.number in reporting:
        speaker, said = reporting[row.line.number]
        if INTENDS.match(row.words[said:].lstrip()) or row.words.startswith("<<", said):
            return 0
        reason = "a name before what is said, as in the paragraphs beside it"
        if row.line.number in state.crowd.exported:
            reason = "when and who, before what is said in a chat that was exported"
    elif turned := _TURNED.match(row.words):
        people, why = names_in(state.crowd, turned["who"])
        if people:
            speaker, said, reason = people[0], turned.end(), f"a name before <: {why}"
    elif korean and state.section.kind in (None, "topics", "plan", "question", "asking"):
        asked = state.section.kind in ("question", "asking")
        return 0 if asked and (row.number or asks(row.words)) else _reported(state, index, korean)
    elif bare and (state.section.kind in (None, "topics") or state.stands_apart(index)):
        return _bare(state, index, bare)
    elif told and state.section.kind != "decision" and told["who"] not in _PRONOUNS:
        return _told(state, index, told)
    speakers = (speaker, *_others(state, row, said, (speaker,)))
    count = add_opinion(state, index, speakers, said, reason) if speaker else 0
    if count and row.line.number in state.crowd.exported:
        take_inside(state, index, count, said, (speaker,))
    return count


def _small(state: State, row: Row) -> re.Match[str] | None:
    """Who is said to say something, in small letters or behind `then`."""
    if not row.words[:1].islower() or not row.words[:SHORT].isascii():
        return None
    for pattern in _SMALL:
        small = pattern.match(row.words)
        if small and state.lexicon.says.match(row.words, small.end()):
            known = names_in(state.crowd, small["who"])[0]
            return small if known and all(map(state.crowd.why, known)) else None
    return None


def _later(state: State, row: Row) -> re.Match[str] | None:
    """`책을 읽고 옴. 하늘이는 …라고 했다`: who is told of in the second sentence, or the third."""
    if not any(end in row.words for end in (". ", "! ", "? ")):
        return None
    for sentence in islice(_SENTENCE.finditer(row.words[:LONGEST]), 2):
        korean = _KOREAN.match(row.words, sentence.end())
        if korean and _known(state, korean["who"]):
            return korean
    return None


def _without_particle(state: State, row: Row) -> re.Match[str] | None:
    """`하늘님 아르바이트 얘기.`, `하늘 14번 설명함`, `좋은 영상 하늘이 찾음`: who did it."""
    words = row.words[:LONGEST]
    words = _ADDRESS.sub("", words) if "://" in words else words
    first = _SENTENCE.split(words, maxsplit=1)[0].rstrip(". ")
    done = first[-1:] in _DID_LETTERS
    bare = (_BARE.fullmatch(first) or _LAST_DID.fullmatch(first)) if done else None
    if bare is None and any(verb in first for verb in ("풀", "품", "풂")):
        bare = _SOLVED.fullmatch(first)
    names = names_in(state.crowd, bare["who"])[0] if bare else ()
    known = (state.crowd.why(name) or IN_PASSING for name in names)
    return bare if names and not any(why.endswith(IN_PASSING) for why in known) else None


def _bare(state: State, index: int, told: re.Match[str]) -> int:
    row = state.rows[index]
    speakers, why = names_in(state.crowd, told["who"])
    said = told.end("gap") if told.re is _BARE else 0
    if _COMING.search(told.group()) or closes(state, row):
        return 0
    return add_opinion(state, index, speakers, said, f"who did what the sentence says: {why}")


def _known(state: State, who: str) -> bool:
    names = names_in(state.crowd, who)[0] or names_in(state.crowd, who.removesuffix("이"))[0]
    return any(map(state.crowd.why, names))


def _told(state: State, index: int, told: re.Match[str]) -> int:
    """Claim `Robin suggests a map`, `Sky and River agreed`: who, and what they say."""
    row = state.rows[index]
    if told.re is _JAPANESE:
        reason = "a handle, and what its bearer is said to have done"
        return add_opinion(state, index, (told["who"],), told.end(), reason)
    if told.re is _HONOURED:
        speakers, why = names_in(state.crowd, told["who"])
        first = row.words[: row.words.find("。") + 1]  # `佐藤さんより、感想。静かだった。`
        said = any(_TOLD_OF.search(each[-TAIL:]) for each in (row.words, first))
        speakers = speakers if all(map(state.crowd.why, speakers)) else ()
        reason = f"whom the sentence is about: {why}"
        if speakers and _ASKED_IN_JAPANESE.search(row.words[:LONGEST], told.end()):
            reason = f"what somebody asked: {why}"
            return add_question(state, index, row.at(told.end()), speakers, reason, count=1)
        return add_opinion(state, index, speakers, told.end(), reason) if speakers and said else 0
    verb = state.lexicon.says.match(row.words, told.end()) or _DID.match(row.words, told.end())
    if verb is None:
        return 0
    speakers, why = names_in(state.crowd, told["who"].replace(" and ", ", "))
    asked = _ASKED.match(row.words, told.end())
    if asked and speakers and not _others(state, row, told.end(), speakers):
        reason = f"what somebody asked: {why}"
        _add_next(state, row, asked.end())
        return add_question(state, index, row.at(asked.start("what")), speakers, reason, count=1)
    reason = f"a name before {verb.group().strip()}: {why}"
    speakers += _others(state, row, told.end(), speakers) if speakers else ()
    return add_opinion(state, index, speakers, told.end(), reason) if speakers else 0


def _add_next(state: State, row: Row, begin: int) -> None:
    """Add the task in `Robin asked whether it is high. Sky will look it up`, if there is one."""
    given = _GIVEN_NEXT.search(row.words[:LONGEST], begin)
    owners, why = names_in(state.crowd, given["who"]) if given else ((), "")
    if given is None or not owners:
        return
    line = row.line.number
    place = state.span(row.at(given.start("who")), row.end, line, line)
    said = row.words[given.start("who") :]
    due, reasons = state.due_in(row, said), (f"who will do it: {why}",)
    state.records.append(Task(**place, evidence=reasons, owners=owners, due=due, done=None))


def _others(state: State, row: Row, begin: int, speakers: tuple[str, ...]) -> tuple[str, ...]:
    """Who else is said to say something in the sentences behind the first."""
    found = list[str]()
    for also in _ALSO.finditer(row.words[:LONGEST], begin):
        names = names_in(state.crowd, also["who"].replace(" and ", ", "))[0]
        if not names or also["who"] in _PRONOUNS or not all(map(state.crowd.why, names)):
            continue
        verb = state.lexicon.says.match(row.words, also.end())
        if verb or _REPLIES.match(row.words, also.end()):
            found += [name for name in names if name not in (*speakers, *found)]
    return tuple(found)


def _reported(state: State, index: int, told: re.Match[str]) -> int:
    """Claim `하늘님이 지도가 작다고 하심`: who is known, and what they said or did."""
    row = state.rows[index]
    speakers, why = names_in(state.crowd, told["who"])
    if not speakers and told["who"].endswith("이"):  # `소민이가`
        speakers, why = names_in(state.crowd, told["who"].removesuffix("이"))
    wrapped = takewhile(lambda each: not each.mark, state.rows[index + 1 : index + FEW])
    count = min(state.continued(index), 1 + len(list(wrapped)))
    words = " ".join(each.words for each in state.rows[index : index + count])
    behind = _ADDRESS.sub("", words[told.end() : LONGEST])
    said = LAST_ASIDE.sub("", _SENTENCE.split(LAST_ASIDE.sub("", behind), maxsplit=1)[0])
    others = _ANOTHER.search(said)  # `하늘님이 묻고 구름님께서 대답`
    beside = any(_known(state, each["who"]) for each in _BESIDE.finditer(said))
    if _DONE_BY.match(said) and _HONOURS.search(said[-TAIL:]):
        return 0  # `하늘이 그린 지도는 좋다고 하심`, somebody else
    if _WHOSE.match(said):
        return 0  # `하늘이 말한 책은 못 찾음`
    if not speakers or others or beside or _COMING.search(said) or closes(state, row):
        return 0
    if state.crowd.lexicon.away.search(LAST_ASIDE.sub("", row.words)) or _ENTERS.search(said):
        return 0  # `하늘이는 알바로 못 옴`
    says = (
        told.group().strip(" \t,").endswith(("曰", "왈", "기를", "하길", "말로는", "으로는"))
        or PAST.search(LAST_ASIDE.sub("", row.words)[-TAIL:])  # over a list of more
        or PAST.search(said.rstrip(" \t,")[-TAIL:])
        or _SAYS.search(said[-TAIL:])
        or _SAID.search(said)
        or (row.listed and _SAYS.search(behind[-TAIL:]))
    )
    known = [state.crowd.why(name) or IN_PASSING for name in speakers]
    politely = _POLITELY.search(said) is not None and all(
        is_usual_name(state.crowd, name) for name in speakers
    )
    if not says or (any(each.endswith(IN_PASSING) for each in known) and not politely):
        return 0  # `터널은 두 지점을 연결한다`; `저자님은 …`, whom nothing else makes one of them
    for also in _SECOND.finditer(row.words[:LONGEST], told.end()):
        names = names_in(state.crowd, also["who"])[0] if _known(state, also["who"]) else ()
        speakers += tuple(name for name in names if name not in speakers)
    if _ASKED_SO.search(said):
        reason = f"what somebody asked: {why}"
        return add_question(state, index, row.at(told.end()), speakers, reason, count=1)
    return add_opinion(state, index, speakers, told.end(), f"whom the sentence is about: {why}")


def add_opinion(state: State, index: int, speakers: tuple[str, ...], said: int, reason: str) -> int:
    """Claim a row, and of a list's item what stands below it, as what somebody said.

    `said` is where in the row's words that begins.
    """
    row = state.rows[index]
    count = state.continued(index) if row.listed else 1
    count = before_replies(state, index, count, speakers)
    place = state.place(row.start, index, count)
    start = row.at(said)
    point = Point(start, place["end"], state.text[start : place["end"]])
    state.block("opinion", index, count)
    state.records.append(Opinion(**place, evidence=(reason,), speakers=speakers, points=(point,)))
    return count


def whose_view(state: State, label: Label) -> tuple[tuple[str, ...], str]:
    """The people of `현수님 의견 : …` and of `현수님의 사진 의견 : …`, and the reason."""
    view = state.lexicon.view.search(label.name) if label.sign in ":-)" else None
    if view is None:
        return (), ""
    whose = label.name[: view.start()]
    if (found := names_in(state.crowd, whose))[0]:
        return found
    words = whose.split()
    for count in range(1, min(len(words), MOST)):
        name = " ".join(words[:count])
        found = names_in(state.crowd, name.removesuffix("의"))
        # Without what honours it, a name may be of what the view is about.
        if found[0] and (name.endswith("의") or found[0][0] != name):
            return found
    return (), ""
