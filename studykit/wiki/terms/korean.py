"""What may stand before and behind a term in a Korean word: particles, endings, word parts.

A particle follows its noun without a space, so that no word boundary tells where a term ends. Here
a term ends where the rest of the word is a chain of particles (`디디피엠에서는`), of 이다 or 하다
(`디퓨전이라는`, `샘플링했을`), or, behind a name of three syllables and more, a noun that makes a
compound with it (`디디피엠논문을`). Any other rest is another word: `스코어보드`.
"""

from __future__ import annotations

import re

__all__ = ["begins_word", "ends_word", "without_particles"]

_PARTICLES = (
    "은 는 이 가 을 를 의 에 에서 에게 에게서 한테 한테서 께 로 으로 로서 으로서 로써 으로써 와 과 "
    "랑 이랑 하고 도 만 까지 부터 보다 처럼 만큼 마저 조차 밖에 뿐 대로 마다 나 이나 든 이든 든지 이든지 "
    "든가 이든가 라도 이라도 야 이야 란 이란 라는 이라는 라고 이라고 라 이라 라면 이라면 며 이며 고 이고 "
    "다 이다 지 이지 인 인지 인가 인가요 인데 인데요 일 일지 일까 임 이에요 예요 입니다 였다 였던 이었다 "
    "이었던 여서 이어서 이라서 라서 이니 니까 이니까 면 이면 거나 이거나 이자 같은 같이 죠 이죠 네 이네 네요 "
    "이네요 랄까 이랄까 씩 쯤 요 이요 여 이여 시 들 등 측 쪽 끼리 커녕 은커녕 는커녕 이라든지 라든지 이라든가 라든가 "
    "이라며 라며 인걸 이잖아 잖아 이더라 더라 이신 "
    "이라던가 라던가 이라던지 라던지 던가 던지 하고는 말고 말고는 땜에 때문에 덕분에 "
    "적 적인 적으로 식 식의 식으로 형 형의 용 용으로 류 류의 계 계열 화 상 상의 상에서 내 내의 내에서 별 별로 "
    "간 간의 급 급의 판 편 후 전 시의 시에 시에는 때 때는 때의 중 중에 중에서 외 외에 외의 및"
)
_VERBS = (
    "하|해|했|한|할|함|합|되|돼|된|될|됨|됐|됩|시키|시켜|시킨|시킬|시킴|시켰|당하|당한"
)
# Nouns that are written together with the name before them.
_HEADS = (
    "모델 모형 논문 수식 식 코드 구현 구조 기반 부분 학습 훈련 발표 정리 리뷰 이론 개념 함수 분포 과정 방법 "
    "방법론 방식 알고리즘 네트워크 블로그 글 자료 공부 스터디 손실 로스 관점 계열 관련 파트 세미나 실험 결과 "
    "샘플 샘플링 생성 논의 이야기 얘기 문제 문제점 정의 의미 이해 설명 버전 스케줄 공간 변수 벡터 목적함수 기법 "
    "파라미터 평가 지표 항 텀 해석 질문 내용 스텝 단계 튜토리얼 예제 노트북 실습 추정 근사 연구 분야 아이디어 "
    "값 행렬 점수 층 레이어 블록 프로세스 디코더 인코더 잠재공간 원리 유도 증명 성능 비교 차이 장점 단점 한계 "
    "특징 역할 필요성 입문 기초 강의 영상 링크 그림 피겨 표 페이퍼 아키텍처 프레임워크 라이브러리 패키지"
)


def _any(words: str) -> str:
    return "|".join(sorted(set(words.split()), key=lambda word: (-len(word), word)))


_END = "(?![가-힣])"
_CHAIN = rf"(?:(?:{_any(_PARTICLES)}){{0,3}}|(?:{_VERBS})[가-힣]{{0,4}}){_END}"
_BEHIND_SHORT = re.compile(_CHAIN)
_BEHIND_LONG = re.compile(rf"(?:{_any(_HEADS)})?{_CHAIN}")
_PREFIX = re.compile(
    "(?:^|[^가-힣])(?:비|준|반|역|초|각|이|그|저|두|세|네|첫|본|위|현|타|양|기존|일반|조건부|무조건|다중|단일|"
    "계층적|잠재|변분|표준|최신|사전|사전학습|대규모|고해상도|이산|연속|다변량|등방)$"
)
# As much of the word before a term as `_PREFIX` has to see.
_REACH = 6


def ends_word(text: str, end: int, *, syllables: int) -> bool:
    """Whether a name in Hangul that ends at `end` is not the first part of another word.

    Args:
        text: The text, composed (NFC).
        end: Where the name ends.
        syllables: How long it is: a short one makes no compounds here.

    Examples:
        >>> ends_word("디디피엠에서는", 4, syllables=4), ends_word("스코어보드", 3, syllables=3)
        (True, False)
    """
    pattern = _BEHIND_LONG if syllables >= 3 else _BEHIND_SHORT
    return pattern.match(text, end) is not None


def begins_word(text: str, start: int, *, syllables: int) -> bool:
    """Whether a name in Hangul that starts at `start` is not the last part of another word.

    Args:
        text: The text, composed (NFC).
        start: Where the name starts.
        syllables: How long it is: a short one stands behind no prefix.

    Examples:
        >>> begins_word("조건부디퓨전", 3, syllables=3), begins_word("알베타", 1, syllables=2)
        (True, False)
    """
    if start == 0 or not "가" <= text[start - 1] <= "힣":
        return True
    return syllables >= 3 and _PREFIX.search(text[max(0, start - _REACH) : start]) is not None


_SURE_PARTICLE = re.compile(
    "(?:에서는|에서의|에서도|으로는|에서|에게|으로|라는|이라는|이라고|라고|이란|까지|부터|보다|처럼|만큼|마다|이나|"
    "이랑|하고|이며|이고|이다|입니다|인데|은|는|을|를|의|에|와|과|도|만|로|이|가|랑|란|인|나)$"
)


def without_particles(word: str) -> tuple[str, ...]:
    """What a word may be without its particle, itself first.

    Examples:
        >>> without_particles("디디피엠에서는")
        ('디디피엠에서는', '디디피엠')
    """
    found = _SURE_PARTICLE.search(word)
    return (word, word[: found.start()]) if found and found.start() else (word,)
