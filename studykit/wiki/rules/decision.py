"""An item under a label that says 'decisions', or a line that closes with such a verb.

An arrow alone is no decision, and neither is what is only proposed (`어떨까`) or still open.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from studykit.wiki.endings import LAST_ASIDE, WILL_DO, is_sentence, with_final
from studykit.wiki.labels import Label
from studykit.wiki.lexicon import squeeze
from studykit.wiki.records import Decision
from studykit.wiki.rows import Row
from studykit.wiki.rules.link import ALONE
from studykit.wiki.rules.listed import listed
from studykit.wiki.rules.reply import said_by_each
from studykit.wiki.rules.state import State

__all__ = ["BARE", "closes", "concludes", "decision", "settled", "settled_by_heading", "wrapped"]

TAIL = 60
LONG = 400
BARE = 2
LABEL = 24
SHORT = 10
FEW = 3
MANY = 30
"""A label that says that its subject is settled has no more letters."""

_DECISION_IS = re.compile(
    r"(?:the )?decision (?:for|on|about|regarding) [^.:]{2,80}? (?:is|was) (?:to|that) ",
    re.IGNORECASE,
)
_STATES = re.compile(r"(?:(?<!마)다|요|である|だ|완료|예정)[\s.!)」*]*\Z")
_FROM_NOW = re.compile(r"앞으로|[월주일회차음]부터|매[주달회]")
"""`9월부터 … 말한다`: what they are going to do, and no result of a book."""
_PICTURED = re.compile(r"(?:(?<=기로)[ \t]*땅땅[땅!~]*)?(?:[ \t]*:[a-z_]{2,20}:)*$")
"""`… 카운트하기로 땅땅 :hammer:`: what says so once more."""
_AGREED_MIDWAY = re.compile(
    r"[가-힣](?P<word>기로[ ]?(?:함|했음|했다|결정))[.!~]*[ \t]+"
    r"(?:[가-힣]{1,8}[ \t]+){1,6}[가-힣]{1,6}(?:서|라|니까|으니|므로|때문에)"
    r"[\s.!~ㅋㅎㅠ]*$"
)
"""`회비는 안 걷기로 함 남은 돈이 많아서`: why stands behind it."""
_SETTLED_MIDWAY = re.compile(
    r"[가-힣A-Za-z\d)](?P<word>으?로[ ]?(?:최종[ ]?)?(?:결정|확정)"
    r"(?:났|됐|되었|했|하였)(?:습니다|어요|음|다))"
    r"(?=[.!]*[ \t]+(?:[^\s가-힣]|[가-힣]{1,8}(?:은|는)[ \t]))"
)
"""`산으로 결정됐습니다 🎉 날짜는 …`: what else there is to say of it stands behind."""
_DONE_SO = re.compile(rf"(?P<verb>[{with_final('감')}])[ \t](?P<word>확정|결정)$")
"""`금요일로 옮김 확정`."""
_FROM_WHEN = re.compile(r"(?<=확정|결정)[ \t]*\([^()]{1,12}부터\)$")
_LAUGHS = re.compile(
    r"[ \t]*(?:(?<![ㄱ-ㅎ])[ㅋㅎㅠ]+|[\U0001f300-\U0001faff\u2600-\u27bf]\ufe0f?)+$"
)
_DECIDED_LAST = re.compile(r"(?<=[.,;:)] )DECIDED[\s,.!\d–-]*$")
"""`=> no flying. DECIDED, 4-0`."""
_SHOUTED = re.compile(r"(?P<word>DECIDED|AGREED|RESOLVED)[ \t:]+(?=\S.{3})")
_EVERYONE = re.compile(
    r"[.,;!)][ \t]+(?:(?:everyone|everybody|we all|all)(?: just)? agreed"
    r"|agreed by (?:all|everyone|everybody))[ \t.!]*$",
    re.IGNORECASE,
)
"""`skipping 2.3 for now. everyone agreed`."""
_ROAD = re.compile(r"(?:경|진|항|회|선|통|활)로$|(?<![가-힣])도로$")
"""`경로 결정` settles no road."""
_IF = re.compile(
    r"(?:(?<=[가-힣])(?:다면|으면|하면|할 경우|한 경우|요 ?시|요할 때)|되면|될 경우)[ \t,]+"
)
"""What stands before it is no doubt about what is settled: `필요하다면 더 모이기로 함`."""
_WHERE = re.compile(r"(?:데|때|면|경우)[ \t]+$")
_CARRIED = re.compile(
    r"\bmotion (?:(?:was|has been) )?(?:carried|passed|approved|adopted)\b"
    r"|\bmotion to [^.]{3,200}[.;,:][ \t]*(?:motion )?(?:carried|passed|approved|adopted)\b",
    re.IGNORECASE,
)
_PASSED = re.compile(
    r"(?<![Ww]hat )(?<![Ww]hich )\b(?:was|were|has been|have been) (?:[a-z]+ and )?"
    r"(?:agreed(?: by| upon| on)?|decided|seconded|ratified"
    r"|(?:approved|adopted|accepted) (?:by|unanimously))\b"
)
"""`A quorum of half was proposed and seconded`: at the line's end or not."""
_MINUTED = re.compile(
    r"\d{1,2}:\d{2}[ \t]*(?:[ap]m)?[ \t:–-]*(?:[^.,;]{1,40}[.,;][ \t]+){0,2}"
    r"(?P<word>(?:decided?|agreed?) (?:to|that|on)) (?=\S.{3})",
    re.IGNORECASE,
)
"""`11:40 Start, decide to draw a map`, in minutes that say when."""
_DECIDED = re.compile(
    r"(?P<word>[Dd]ecided) (?!(?:if|whether|how|what|when|where|who|yet|not|by|later|next|at|in)\b)"
    r"[a-z]+ \S[^?]{2,}$"
)
"""`decided minibus for this one`, in haste."""
_DOUBTED = re.compile(r"\b(?:if|whether|unless|until|once|when)\b", re.IGNORECASE)
_MARKING = ("결정", "확정", "채택", "기각", "합의", "agreed", "decided")
_CLOSED = ("결정", "확정", "채택", "기각", "선정")
_MARKED = re.compile(
    r"\S[ \t]*(?:-{2,}>?|[-–—]>|→|⇒|=>|←|<-|[ \t][-–—])[ \t]*"
    r"(?:(?:만장일치|다수결|투표|전원 동의)로[ \t])?"
    r"(?P<word>결정|확정|채택|기각|합의|agreed|decided)$"
)
"""`이벤트 사이트 -- 결정`: what stands before it was settled."""
_WHETHER = re.compile(r"(?:[인은는던을]지|\?|까)[\s.!~)]*\Z")
"""`… 할 것인지` is still to be settled."""
_SENTENCE_END = re.compile(
    rf"(?:[가-힣](?<![{with_final('갔')}])|있)다\.?(?:\([^()]{{1,40}}\)\.?)?\Z"
)
_CONCLUDES = re.compile(r"(?:결론|결과|정리)$")
"""Below these, sentences tell what was found or said."""
_PIXELS = re.compile(
    r".*\bresolution\)?[ \t]*[:=][ \t]*[\d\s(),.x×*~-]+(?:px|pixels?)?[ \t.)]*", re.IGNORECASE
)
_LED_SO = re.compile(
    r"(?:[.!?][ \t]+|^)(?:→|⇒|[-=]>)[ \t]*[^→⇒>?]{2,30}[ \t](?P<word>확정|결정|폐기|폐지|채택)$"
)
"""`알림톡은 사업자만 된다. → FCM 확정`."""
_ARROW = re.compile(r"[-=]{1,2}>|[→⇒➔➡]")
_SETTLED_SO = re.compile(r"\S[ \t]+(?P<word>확정|결정|폐기|폐지|채택|가결|決定|採用)[\s.!]*$")
"""`=> 21일 결정`, right below what was talked about."""
_IN_ANY_VERB = re.compile(
    r"(?:[을를은는씩에도만로]|부터|까지|에서)[ \t](?:[^\s]{1,8}[ \t]){0,2}"
    r"(?P<word>[가-힣]{0,4}(?<![경위전크초무동연악향용야계후시감공학])기로)[\s.!~ㅋㅎㅠ]*$"
)
"""`회비는 만원씩 걷기로`, in any verb; `분위기로` and `후기로` are none."""
_VOTED_THROUGH = re.compile(r"찬성 ?\d+.{0,16}(?P<word>통과|가결|부결)(?:됨|함)?[\s.]*$")
_DATED_SO = re.compile(
    r"\((?:\d[\d./年月日-]{2,10}[ \t]*)?(?P<word>確定|決定|確定済み|決定済み)\)[ \t.。]*$"
)
"""`→ 既存システムを使用（2026-05-21 確定）`."""
_IN_BRACKETS = re.compile(r"\([^()]*(?:폐기|기각)\)[\s.]*\Z")
_TITLE = re.compile(r"[<〈《「『][^<>〈〉《》「」『』]{1,80}[>〉》」』]")
"""`<지도 (제목 미정)> 채택`: what something is called."""
_AT_FIRST = re.compile(
    r"(?:할까|갈까|할지)[ \t]?(?:말지[ \t])?(?:하다가|했는데|했지만|고민하다가|하다)"
)
"""`통일할까 하다가 각자 하기로 함`: what was open before."""
_BRACKETS = (")", "]", "】")
_TAGGED = re.compile(
    r"(?:[^\s다)]|[한는된쓴간둔]다)[.]?[ \t]*"
    r"[(\[【](?P<word>결정|확정|합의|가결|부결|만장일치|전원 (?:찬성|동의)|decided|agreed)"
    r"(?:,[ \t][^()]{2,40})?[)\]】][\s.]*$"
)
"""`이름은 구름으로 통일 [결정]`."""
_REMARKED = re.compile(
    r"(?P<verb>(?<=[가-힣])기로[ ]?(?:함|했다|했음|했습니다|합니다|했어요)[.!~]*(?=[ \t])"
    r"|(?<=[^\s안못미][ \t])(?:최종[ ]?)?확정(?:할게요|합니다|입니다|했습니다|함|됨)?[.!~]+)"
    r"[ \t]*(?!고\b|는데|더라|지만|라고|던)\S[^.?]{1,13}[.!~]*$"
)
"""`4월은 쉬기로 했다 야호`, `3/14로 확정. 장소 잡음!`."""
_ITS_SETTLED = re.compile(r"\b(?:it['’]s|it is|it was|that['’]s) (?:settled|decided)\b")
_NAMED_SO = re.compile(
    r"(?<![경진항회선통활])(?:으로|(?<=[가-힣A-Za-z\d)])로)[ \t]+(?:[가-힣A-Za-z]{1,8}[ \t]+){0,2}"
    r"(?:주제|제목|이름|팀명|장소|시간|요일|방식|방법|방향|언어|도구|모델|논문|책|교재|조장|팀장|역할)(?:을|를)?"
    r"[ \t]+(?P<word>결정|확정|정함)$"
)
"""`구름으로 주제 결정`: what was chosen stands before what it was chosen for."""
_CHOSEN_ENDS = ("선정", "선택", "채택")
_CHOSEN = re.compile(r"[ \t]중(?:에서?)?[ \t]\S.{0,60}[ \t](?P<word>선정|선택|채택)$")
"""`후보 중 3, 7 선정`."""
_WORK_SETTLED = re.compile(
    r"(?:\S(?:을|를|으로|로|에서)|통해서?)[ \t](?:.*[ \t])?(?P<work>[가-힣]{2,8})[ \t]결정$"
)
"""`사진으로 구름 관찰 결정`: behind what is done, and how, the word alone settles it."""
_AS_AGREED = re.compile(r"[가-힣A-Za-z\d)](?:은|는)[ \t].*는[ \t]?걸로[\s.…~!]*$")
"""`서기는 돌아가며 하는 걸로`: what it is about, and what was agreed."""
_LED_TO_AGREED = re.compile(r"(?:>>|=>|->|→|⇒)[ \t]*\S.*는[ \t]?걸로[\s.…~!]*$")
_SAYS_HOW = re.compile(r"(?:로|만|씩|원|없음|있음|\d[가-힣]{0,2})[\s.!)]*$")
"""`지도는 종이로`: what was settled, and no matter of which the items below it tell."""
_HOW_THEY_MEET = re.compile(r"(?:진행|운영|스터디) ?(?:방식|방법)")
_UNSURE = "(?)"
_ALL_AGREED = re.compile(
    r"(?:[가-힣]하자|[가-힣]자)고[ \t].{0,20}(?:다들|모두|전원|다 같이)[ \t]*"
    r"(?P<word>ㅇㅋ|오케이|[Oo][Kk]|동의|찬성)(?:함|했음|했다)?[\s.!~]*$"
)
"""`파랑으로 하자고 했고 다들 ㅇㅋ`."""
_LED_TO = re.compile(
    r"(?P<what>[^\s:?][^:?>]{0,16}?)(?<![을를은는])[ \t](?P<word>결정|확정)[ \t]*"
    r"(?:[-=]{1,2}>|→)[ \t]*(?!미정|보류|추후|다음|\?)(?P<led>\S.{0,30})"
)
"""`바탕색 결정 -> 파랑`."""
_VOTED = re.compile(
    r"(?!.*(?:다음|추후|나중|내일|차주)).*투표(?:를 통해|에 따라| ?결과)[ \t,:]+\S.{0,60}"
    r"(?:[ \t]|로 )"
    r"(?P<word>선정|결정|채택|확정|선택)[ \t.!]*$"
)
"""`투표를 통해 언덕 선정`: how it was settled stands before it."""
_LATER = re.compile(r"추후[^.]{0,14}(?:결정|논의|정하|정함|협의|확정|상의|검토)")
"""`추후 모여서 하기로 함` says what is done later; only this puts off what is to be settled."""
_LATER_SENTENCE = re.compile(r"[.?!](?<=[a-z)].)[ \t]+(?=[A-Z])")
_STEP = re.compile(r"(?:제? ?\d{1,2} ?단계|step ?\d{1,2})\b", re.IGNORECASE)
"""`1단계. 범위 확정`: what is done in a step of several."""
_BEHIND_VERB = re.compile(r"[^\w(]*(?:\(.*)?$")
_SENTENCE = re.compile(
    r"[.。!](?:(?<=[가-힣ぁ-ん].)!{0,3}(?=[ \t])|(?<=。))"
)  # a letter at first: found fast


def decision(state: State, index: int) -> int:
    """Claim an item of a decision section, or a line that settles something."""
    row = state.rows[index]
    if row.kind == "table" and (verb := _in_a_cell(state, row)):
        state.block("decision", index)
        reason = f"a table's cell closes with {verb}"
        state.records.append(Decision(**state.place(row.start, index), evidence=(reason,)))
        return 1
    if row.kind != "words":
        return 0
    if count := settled_by_heading(state, index):
        state.block("decision", index, count)
        reason = "a numbered heading below that of decisions, as others"
        state.records.append(Decision(**state.place(row.start, index, count), evidence=(reason,)))
        return count
    count = listed(state, index) if state.section.kind == "decision" else 0
    if not row.listed and state.section.scope != "list" and row.words.endswith("?"):
        count = 0  # a line without a mark that asks settles nothing
    title = state.section.title
    if index in state.discussed:
        count = 0  # what was said of a matter, of which the verb beside it says what was settled
    if count and (concludes(state, title, row) or _remarks(state, row) or _argues(state, row)):
        count = 0
    if count > 1 and said_by_each(state, index, count):
        count = 1  # `개발 진행` over what each is going to do
    elif count > 1 and _names_matter(state, index, count):
        state.block("prose", index)  # `진행 방식` over what was settled of it
        return 1
    if count:
        reason = f"an item under the decision label of line {state.section.label_line}"
    elif (word := closes(state, row)) and not _goes_on(state, index):
        count = 1 if row.level else state.continued(index)
        titled = word == "확정" and (row.level or count > 1 or row.bold)
        dated = row.label is not None and row.label.name[:1].isdigit()  # `3월 1주: 일정 확정`
        dated = dated or _STEP.match(row.words) is not None
        if titled or (len(word) == BARE and (dated or _settles_nothing(state))):
            return 0  # `주제 확정` is a title, or what is to be settled
        reason = f"the line closes with {word}"
    elif (label := row.label) and settled(state, index, label):
        count = state.continued(index)
        reason = f"{label.name} stands before it"
    elif lines := wrapped(state, index):
        count = lines
        reason = "its last line closes as a decision does"
    elif _stated(state, index):
        count, reason = 1, f"a sentence below the decision label of line {state.section.label_line}"
    elif word := _below_the_label(state, index):
        count = _with_reasons(state, index)
        reason = f"below the decision label of line {state.section.label_line}, and ends in {word}"
    else:
        return 0
    state.block("decision", index, count)
    state.records.append(Decision(**state.place(row.start, index, count), evidence=(reason,)))
    if not row.mark and state.lexicon.following.search(row.words[-TAIL:]):
        state.close_flat()  # `다음과 같이 확정됨`: what stands below is what was settled
    return count


def _in_a_cell(state: State, row: Row) -> str:
    """The verb with which the last cell of `| 종이 | 두꺼운 것으로 하기로 함 |` closes."""
    cell = row.words.strip("| \t*").rpartition("|")[2].strip(" \t*")
    match = state.lexicon.closing.search(cell[-TAIL:])
    if match is None or not match.start() or _left_open(state, cell[-TAIL:]):
        return ""
    return _BEHIND_VERB.sub("", match.group()) if len(match.group()) > BARE else ""


def settled_by_heading(state: State, index: int) -> int:
    """`### 2. 지도는 종이로 만든다`, one of three below `## 결정 사항`: how many rows it fills.

    What stands below it says more of it. Below `### 1. 주제` it is that which was settled.
    """
    row = state.rows[index]
    if not row.level or row.number is None or state.inherited(row) != "decision":
        return 0
    at = bisect_left(state.headings, index)
    beside = list[Row]()
    before = state.headings[max(0, at - MANY) : at + 1][::-1]
    for run in (before, state.headings[at + 1 : at + MANY]):
        for other in run:
            each = state.rows[other]
            if each.level < row.level:
                break
            beside += [each] if each.level == row.level and each.number is not None else []
    long = [each for each in beside if _may_be_settled(state, each)]
    if len(beside) < FEW or 3 * len(long) < 2 * len(beside):
        return 0
    end = next((other for other in state.headings[at + 1 : at + 2]), len(state.rows))
    return state.without_blanks(end) - index


def _may_be_settled(state: State, row: Row) -> bool:
    """Whether a heading says more than what a matter is called: `개발 일정 및 방식`."""
    return len(row.words) > SHORT and state.lexicon.aspects.search(row.words) is None


def _names_matter(state: State, index: int, count: int) -> bool:
    """Whether an item only names what the items below it say more of: `진행 방식`.

    Where a verb settles one of these, what else stands there was only talked about.
    """
    row = state.rows[index]
    below = [at for at in range(index + 1, index + count) if state.rows[at].kind == "words"]
    if not row.listed or not below or not state.rows[below[0]].listed:
        return False
    if len(row.words) <= LABEL and state.lexicon.aspects.search(row.words.rstrip(": ")):
        return True
    if is_sentence(row.words) or _SAYS_HOW.search(row.words) or closes(state, row):
        return False
    if row.label is not None and row.label.end < len(row.words):
        return False
    if any(closes(state, state.rows[at]) for at in below):
        state.discussed.update(below)
        return True
    if len(row.words) > LABEL:
        return False
    leaves = [at for at in below if state.continued(at) == 1 and state.rows[at].listed]
    apart = any(state.rows[at].column > state.rows[below[0]].column for at in leaves)
    told = [at for at in leaves if _tells_what(state, state.rows[at].words, apart=apart)]
    if len(leaves) < 2 or 3 * len(told) < 2 * len(leaves):
        return False
    state.discussed.update(set(below) - set(leaves))
    return True


def _tells_what(state: State, words: str, *, apart: bool) -> bool:
    """Whether an item ends in what is to be done, or two steps below a matter in how it will be."""
    return state.lexicon.is_doing(words) or (apart and WILL_DO.search(words) is not None)


def _goes_on(state: State, index: int) -> bool:
    """Whether a line in small letters goes on with the sentence of the line above it."""
    row, above = state.rows[index], state.rows[index - 1] if index else None
    if row.mark or above is None or above.kind != "words" or not row.words.isascii():
        return False
    if not row.words[:1].islower() or row.words.startswith(("also ", "decided ", "agreed ")):
        return False
    return above.words[-1:].isalnum() or above.words.endswith(",")


def concludes(state: State, label: str, row: Row) -> bool:
    """Whether `결론` stands over or before a statement, what follows from a book, say.

    The resolution of a picture settles as little.
    """
    if _PIXELS.fullmatch(row.words):
        return True
    name = squeeze(label.rstrip("0123456789 :"))
    if not name.endswith(("결론", "結論")):
        return False
    tail = row.words[-TAIL:]
    meant = state.crowd.attendees or _FROM_NOW.search(row.words[:LONG])
    planned = meant and WILL_DO.search(tail)
    states = _STATES.search(tail) and not planned
    return bool(states) and not closes(state, row)


def _argues(state: State, row: Row) -> bool:
    """Whether a line of a text below a bare `결론` is what follows from something, or is felt."""
    title = squeeze(state.section.title.rstrip("0123456789 :"))
    if row.listed or not title.endswith(("결론", "結論")) or len(row.words) < LABEL:
        return False
    return closes(state, row) is None and not state.lexicon.settled.search(row.words[-TAIL:])


_VOTES = re.compile(
    r"(?:motion )?(?:moved|seconded|proposed)(?: by)?|(?:in )?favou?r|opposed|against"
    r"|abst(?:ain(?:ed|ing)?|entions?)|찬성|반대|기권",
    re.IGNORECASE,
)
"""Who moved it, and how many were for it."""


def _remarks(state: State, row: Row) -> bool:
    """`관련: [조사](…)`, `Why: …` among what was settled: more about it, or for what reason."""
    label = row.label
    if ALONE.fullmatch(row.words) or (label is not None and _VOTES.fullmatch(label.name)):
        return True
    if label is not None and label.sign == ":" and squeeze(label.name) in state.lexicon.reasons:
        return True
    return (
        label is not None
        and squeeze(label.name) in state.lexicon.remarks
        and row.words.startswith(("[", "http", "<"), label.end)
    )


def _below_the_label(state: State, index: int) -> str:
    """`3번 기능 제외.`, a paragraph below the label of decisions: the noun in which it ends."""
    row = state.rows[index]
    if state.section.kind != "decision" or row.mark or row.level or not state.paragraph(index):
        return ""
    settled = state.lexicon.settled.search(row.words[-TAIL:]) if len(row.words) < LONG else None
    return settled.group().strip(" .!") if settled and settled.start() else ""


def _stated(state: State, index: int) -> bool:
    """`지도는 매일 그린다.`, a line that is one sentence, below the label or another such line."""
    row, section = state.rows[index], state.section
    if section.kind != "decision" or section.scope == "list" or row.mark or row.level:
        return False
    if not _SENTENCE_END.search(row.words[-TAIL:]) or _CONCLUDES.search(squeeze(section.title)):
        return False
    above = state.previous_words[index]
    over = state.rows[above]
    return above == state.row_of(section.label_line) or (
        over.mark == "" and _SENTENCE_END.search(over.words[-TAIL:]) is not None
    )


def _with_reasons(state: State, index: int) -> int:
    """How many lines a paragraph makes with the list below it, which says more about it."""
    last = index
    if not state.lexicon.following.search(state.rows[index].words[-TAIL:]):
        while (below := state.next_words[last + 1]) < len(state.rows):
            if not state.rows[below].listed or below in state.starts:
                break
            last = below
    return last - index + 1


def _settles_nothing(state: State) -> bool:
    """Whether a verb without an ending, below this heading, is a matter or tells what happens."""
    if state.section.kind in ("plan", "task", "topics", "asking"):
        return True
    above = state.heading_above()
    if above is not None and _HOW_THEY_MEET.search(above.title):
        return True  # `문제 두 개 선택`, every time
    return above is not None and state.lexicon.told.search(above.title) is not None


def closes(state: State, row: Row) -> str | None:
    """The verb by which the row's first or last sentence says that something was settled."""
    words = row.words.rstrip(" \t\\*")
    letter = words[-1:]
    if letter in "ㅋㅎㅠ" or "\u2600" <= letter <= "\u27bf" or letter >= "\ufe0f":
        words = _LAUGHS.sub("", words)
    if words.endswith(")") and (aside := _FROM_WHEN.search(words)):
        words = words[: aside.start()]
    words = _PICTURED.sub("", words) if words.endswith((":", "땅", "!")) else words
    if words.endswith(_UNSURE):
        return None
    called = words.rstrip(": \t")
    if called.endswith(" we decided") and state.lexicon.section(called):
        return None  # `what we decided`, over what was
    begun = state.lexicon.settles.match(words)
    if begun is None and row.label and row.label.sign in ":-":
        begun = state.lexicon.settles.match(words, row.label.end)  # `Activities: we decided to …`
    if words[:3].isupper() and (shouted := _SHOUTED.match(words)):
        return shouted["word"]
    head, last = words[:LONG], words[-TAIL:]
    if "DECIDED" in last and _DECIDED_LAST.search(last):
        return "DECIDED"
    if begun and begun.end() + 3 < len(words):
        return None if state.lexicon.still_open.search(head) else begun.group()
    if (later := _LATER_SENTENCE.search(head)) and (
        begun := state.lexicon.settles.match(words, later.end())
    ):
        said = words[later.end() : LONG]
        return None if state.lexicon.still_open.search(said) else begun.group()
    if words[:7].casefold() == "decided" and (decided := _DECIDED.match(words)):
        return decided["word"]
    if words[:1].isdigit() and (minuted := _MINUTED.match(words)):
        return minuted["word"]
    passed = _PASSED.search(head) if "ed" in head else None
    if passed and not _DOUBTED.search(words[: passed.start()]):
        return passed.group()
    if "otion" in head and (carried := _CARRIED.search(head)):
        return None if _DOUBTED.search(words[: carried.start()]) else carried.group()
    if ("ettled" in words or "ecided" in words) and (settled := _ITS_SETTLED.search(words)):
        return settled.group()
    if ("기로" in last or "확정" in last) and (remarked := _REMARKED.search(last)):
        return None if _left_open(state, last) else remarked["verb"].rstrip(".!~")
    if "agreed" in last and (agreed := _EVERYONE.search(last)):
        return agreed.group().strip(" .,;!)")
    if row.mark != "arrow" and last.endswith(_MARKING) and (marked := _MARKED.search(last)):
        return marked["word"] + " behind it"
    if last.endswith(_CHOSEN_ENDS) and (chosen := _CHOSEN.search(last)):
        return None if _left_open(state, last) else chosen["word"]
    work = _WORK_SETTLED.search(last) if last.endswith("결정") else None
    if last.rstrip(" \t.").endswith(_BRACKETS) and (tagged := _TAGGED.search(last)):
        return f"{tagged['word']} in brackets behind it"
    if work and state.lexicon.work.search(work["work"]) and not _left_open(state, last):
        return f"{work['work']} 결정"
    if last.endswith(("결정", "확정", "정함")) and (named := _NAMED_SO.search(last)):
        return None if _left_open(state, last) or _LATER.search(last) else named["word"]
    if "걸로" in last[-12:] and (
        _AS_AGREED.search(words[-3 * TAIL :]) or _LED_TO_AGREED.match(words[: 3 * TAIL])
    ):
        return None if _left_open(state, last) else "는 걸로"
    if row.mark == "arrow" and (led := _SETTLED_SO.search(LAST_ASIDE.sub("", last))):
        return None if _left_open(state, last) else f"{led['word']} behind an arrow"
    if last.rstrip(" .!~ㅋㅎㅠ").endswith("기로") and (agreed := _IN_ANY_VERB.search(last)):
        return None if _left_open(state, _behind_arrow(last)) else agreed["word"]
    arrowed = "→" in words[-3 * TAIL :] or ">" in words[-3 * TAIL :] or "⇒" in last
    if arrowed and (led := _LED_SO.search(words[-3 * TAIL :])):
        return None if _left_open(state, _behind_arrow(last)) else f"{led['word']} behind an arrow"
    if "찬성" in last and (carried := _VOTED_THROUGH.search(last)):
        return f"{carried['word']} by a vote"
    if "定" in last and (dated := _DATED_SO.search(last)):
        return f"{dated['word']} in brackets"
    if "자고" in last and (agreed := _ALL_AGREED.search(last)):
        return f"all of them {agreed['word']}"
    if ">" in head or "→" in head:
        led = _LED_TO.fullmatch(words)
        done = led is not None and (state.lexicon.is_doing(led["led"]) or " 의해" in led["what"])
        if led and not done and not _left_open(state, last):
            return f"{led['word']} and an arrow"
    if "투표" in last and (voted := _VOTED.match(last)):
        return None if _left_open(state, last) else f"{voted['word']} by a vote"
    if words[:1] in "Dd Tt" and (begun := _DECISION_IS.match(head)):
        return begun.group().split(maxsplit=1)[0]
    first = _SENTENCE.search(head)
    for tail in (last, words[: first.start()][-TAIL:]) if first else (last,):
        match = state.lexicon.closing.search(tail)
        if match is None and tail[-1:] == ":":
            match = _over_a_list(state, tail)
        # Behind an arrow the verb may stand alone: what it settles is on the line above.
        alone = row.mark != "arrow" and match is not None and match.start() == 0
        if match and _IN_BRACKETS.search(tail):
            continue  # `(중복 → 폐기)`
        if match and _ROAD.search(tail[: match.start() + 1]):
            continue
        bare = match is not None and len(match.group().strip(" .")) == BARE
        if match and bare and (_IF.search(tail) or _WHERE.search(tail[: match.start()])):
            continue  # `0이 되면 폐기`, `참인데 기각` say what happens
        if match and not alone and not _left_open(state, _behind_arrow(_IF.split(tail)[-1])):
            return _BEHIND_VERB.sub("", match.group())
    may_be = "결정" in head or "확정" in head
    if may_be and (past := _SETTLED_MIDWAY.search(head)):
        return None if _left_open(state, words[: past.end()]) else past["word"]
    if "기로" in head and (agreed := _AGREED_MIDWAY.search(head)):
        return None if _left_open(state, words[: agreed.end()]) else agreed["word"]
    if last.endswith(("확정", "결정")) and (named := _DONE_SO.search(last)):
        return None if _left_open(state, last) else f"{named['verb']} {named['word']}"
    if midway := state.lexicon.midway.search(head):
        doubted = _DOUBTED.search(words[: midway.start()])  # `if we decided to draw it`
        return None if doubted or _left_open(state, head) else midway.group()
    return None


def _behind_arrow(words: str) -> str:
    """What the last arrow leads to: `언제 그릴까 → 3월에 그리기로 합의` is settled."""
    return _ARROW.split(words)[-1]


def _over_a_list(state: State, tail: str) -> re.Match[str] | None:
    """`일을 나누기로 함:`, over what each has; below a bare `확정:` nothing is settled yet."""
    match = state.lexicon.closing.search(tail[:-1])
    return match if match and "기로" in match.group() else None


def _left_open(state: State, words: str) -> bool:
    """Whether the words say that something is still to be settled."""
    words = _AT_FIRST.sub("", _TITLE.sub("", words))
    return bool(state.lexicon.still_open.search(words) or _LATER.search(words))


def settled(state: State, index: int, label: Label) -> bool:
    """Whether a line is `주제 결정 : 구름`: a subject, that it is settled, and what it is."""
    row = state.rows[index]
    if label.sign != ":" or len(label.name) > LABEL:
        return False
    if row.level and label.end == len(row.words):
        return False  # `## 주제 확정 :` stands over what may be so
    words = label.name.split()
    if len(words) < 2 or words[0] == "not":
        return False
    if state.lexicon.marks.get(squeeze(words[-1])) != "decision" and words[-1] not in _CLOSED:
        return False
    if _PIXELS.fullmatch(row.words):
        return False
    if _WHETHER.search(row.words[-TAIL:]):
        return False
    return label.end < len(row.words) or state.continued(index) > 1


def wrapped(state: State, index: int) -> int:
    """How many lines a list's item fills whose last one, with no mark of its own, settles it."""
    first = state.rows[index]
    if not first.listed:
        return 0
    short = len(first.words) < LABEL  # nobody wraps a few words
    for count, row in enumerate(state.rows[index + 1 : index + 4], 2):
        if 2 * len(first.words) < len(row.words):
            return 0  # a title over what is said of it: nobody wraps so short a line
        if row.kind != "words" or row.mark or row.level or row.label:
            return 0
        if row.column < first.column or (row.column == first.column and count == 2 and short):
            return 0  # it stands by itself
        if closes(state, row):
            return count
    return 0
