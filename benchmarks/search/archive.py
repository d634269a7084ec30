"""An archive that nobody wrote, in which it is known what each note is about.

A note's sentences are put together from CONCEPTS, each in one of its written forms, so which notes
a query about a concept should find is known without asking any search engine.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

__all__ = ["CONCEPTS", "Concept", "write_archive"]

NAMES = ("가람", "나래", "다온", "라온", "마루", "바다", "아라", "차오름")


@dataclass(frozen=True)
class Concept:
    """Something that notes are about: its forms in sentences, and what somebody types for it."""

    id: str
    forms: tuple[str, ...]
    queries: tuple[tuple[str, str], ...]
    """Each with its kind."""
    stems: tuple[str, ...] = ()
    """What another page has, blanks left out, that is about it, too."""


def _noun(word: str, *compounds: str) -> Concept:
    """A noun: any particle finds any other, and the compounds it is a part of."""
    last = (ord(word[-1]) - 0xAC00) % 28
    forms = [
        f"{word}{'은' if last else '는'}",
        f"{word}{'이' if last else '가'} 있어서",
        *compounds,
    ]
    queries = [
        ("particle", f"{word}{'을' if last else '를'}"),
        ("particle", f"{word}에서는"),
        ("plain", word),
    ]
    if len(word) > 2:
        queries.append(("initials", _initials(word)))
        queries.append(("keyboard", _keyboard(word)))
    return Concept(word, tuple(forms), tuple(queries), (word,))


def _verb(word: str, *forms: str) -> Concept:
    stems = tuple(form.split()[0] for form in forms)
    return Concept(word, forms, (("inflection", word),), (word[:-1], *stems))


def _spaced(first: str, second: str) -> Concept:
    """Two nouns that are written together or apart."""
    forms = (f"{first} {second}의", f"{first}{second}은", f"{first} {second}에서")
    queries = (("spacing", first + second), ("spacing", f"{first} {second}"))
    return Concept(f"{first} {second}", forms, queries, (first + second,))


def _term(term: str, forms: tuple[str, ...], *queries: str) -> Concept:
    """A term of docs/terms.toml: notes have other names of it than queries."""
    return Concept(term, forms, tuple(("name", query) for query in queries))


def _latin(word: str, *queries: tuple[str, str]) -> Concept:
    return Concept(word, (f"{word}으로", f"{word} 결과는"), (("plain", word), *queries), (word,))


def _initials(word: str) -> str:
    return "".join(
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[(ord(each) - 0xAC00) // 588] for each in word
    )


def _keyboard(word: str) -> str:
    """The keys of a Korean keyboard that type the word."""
    first = "r R s e E f a q Q t T d w W c z x v g"
    middle = "k o i O j p u P h hk ho hl y n nj np nl b m ml l"
    final = "r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g"
    keys = ""
    for each in word:
        at = ord(each) - 0xAC00
        keys += first.split()[at // 588] + middle.split()[at // 28 % 21]
        keys += ["", *final.split()][at % 28]
    return keys


CONCEPTS: tuple[Concept, ...] = (
    *(
        _noun(word, *compounds)
        for word, *compounds in (
            ("손실", "손실함수의 값이", "전체손실에서"),
            ("목적함수", "목적함수값을"),
            ("가중치", "초기가중치로"),
            ("기울기", "기울기소실을"),
            ("학습률", "학습률조정에"),
            ("배치", "미니배치로"),
            ("정규화", "배치정규화를"),
            ("활성함수", "활성함수로는"),
            ("합성곱", "합성곱신경망에서"),
            ("주의집중", "다중주의집중을"),
            ("데이터셋", "데이터셋크기와"),
            ("전처리", "데이터전처리를"),
            ("평가지표", "평가지표값이"),
            ("시각화", "결과시각화를"),
            ("초매개변수", "초매개변수탐색을"),
            ("과적합", "과적합방지에"),
            ("재현성", "결과재현성을"),
            ("난수", "난수생성기로"),
            ("화소", "화소값마다"),
            ("해상도", "고해상도그림에서"),
            ("격자", "격자탐색으로"),
            ("오차", "평균오차를"),
            ("수렴", "수렴속도가"),
            ("증강", "데이터증강으로"),
            ("표준편차", "표준편차계산에"),
            ("공분산", "공분산행렬의"),
            ("고윳값", "고윳값분해로"),
            ("적분", "적분구간마다"),
            ("미분", "자동미분으로"),
            ("행렬", "행렬곱셈이"),
            ("벡터", "벡터공간의"),
            ("부등식", "옌센부등식을"),
            ("확률밀도", "확률밀도값이"),
            ("주변분포", "주변분포식에서"),
            ("결합분포", "결합분포식을"),
            ("조건부", "조건부확률로"),
            ("기댓값", "기댓값계산이"),
            ("표본추출", "표본추출기의"),
            ("코드리뷰", "코드리뷰시간에"),
            ("발표자료", "발표자료순서를"),
        )
    ),
    *(
        _verb(word, *forms)
        for word, *forms in (
            ("배우다", "배웠던 것을", "배우는 동안", "배워서"),
            ("지우다", "지웠던 줄을", "지우는 편이", "지워서"),
            ("바꾸다", "바꿨던 값을", "바꾸는 김에", "바꿔서"),
            ("나누다", "나눴던 몫을", "나누는 까닭은", "나눠서"),
            ("줄이다", "줄였던 크기를", "줄이는 길은", "줄여서"),
            ("늘리다", "늘렸던 횟수를", "늘리는 동안", "늘려서"),
            ("비교하다", "비교했던 표를", "비교하는 편이", "비교해서"),
            ("구현하다", "구현했던 부분을", "구현하는 동안", "구현해서"),
            ("이해하다", "이해했던 만큼", "이해하는 데", "이해해서"),
            ("설명하다", "설명했던 그림을", "설명하는 사람은", "설명해서"),
            ("움직이다", "움직였던 점을", "움직이는 동안", "움직여서"),
            ("고정하다", "고정했던 값을", "고정하는 편이", "고정해서"),
            ("흐려지다", "흐려졌던 그림을", "흐려지는 까닭은", "흐려져서"),
            ("맞추다", "맞췄던 답을", "맞추는 동안", "맞춰서"),
            ("뒤섞다", "뒤섞었던 순서를", "뒤섞는 편이", "뒤섞어서"),
            ("되돌리다", "되돌렸던 과정을", "되돌리는 길은", "되돌려서"),
        )
    ),
    *(
        _spaced(*pair)
        for pair in (
            ("조기", "종료"),
            ("교차", "검증"),
            ("전이", "학습"),
            ("지도", "학습"),
            ("강화", "학습"),
            ("최대", "우도"),
            ("중심", "극한"),
            ("특징", "추출"),
            ("차원", "축소"),
            ("군집", "분석"),
            ("역방향", "전파"),
            ("순환", "신경망"),
            ("문장", "임베딩"),
            ("경사", "하강"),
            ("음성", "합성"),
            ("물체", "검출"),
        )
    ),
    _term("ddpm", ("DDPM은", "DDPM 논문에서"), "디디피엠", "디디피엠에서", "elelvldpa"),
    _term("ddim", ("DDIM은", "DDIM으로"), "디디아이엠", "디디아이엠을"),
    _term("vae", ("브이에이이는", "VAE는"), "변분 오토인코더", "variational autoencoder"),
    _term(
        "kl-divergence",
        ("KL 다이버전스가", "케이엘 다이버젼스는"),
        "쿨백 라이블러 발산",
        "KL divergence",
    ),
    _term(
        "score-based-model",
        ("스코어 베이스는", "스코어 베이스를"),
        "score based model",
        "스코어 기반 모델",
    ),
    _term("elbo", ("ELBO는", "ELBO를"), "변분 하한", "evidence lower bound"),
    _term("energy-based-model", ("EBM은", "EBM의"), "에너지 기반 모델", "energy-based model"),
    _term("diffusion-model", ("디퓨전 모델은", "디퓨전이라는"), "확산 모델", "diffusion model"),
    _term(
        "noise-schedule", ("노이즈 스케줄을", "노이즈 스케줄은"), "잡음 스케줄", "noise schedule"
    ),
    _term("latent-variable", ("레이턴트는", "잠재 변수를"), "latent variable", "잠재변수"),
    *(
        _latin(word, *queries)
        for word, *queries in (
            ("tensorboard", ("typo", "tensorbord"), ("typo", "tensorbaord")),
            ("checkpoint", ("typo", "chekpoint"), ("prefix", "checkp")),
            ("optimizer", ("typo", "optimzer"), ("prefix", "optimi")),
            ("transformer", ("typo", "transfromer"), ("prefix", "transfor")),
            ("dropout", ("typo", "dropuot"), ("prefix", "dropo")),
            ("perplexity", ("typo", "perplexty"), ("prefix", "perple")),
            ("tokenizer", ("typo", "tokeniser"), ("prefix", "tokeni")),
            ("scheduler", ("typo", "sheduler"), ("prefix", "schedu")),
            ("residual", ("typo", "residal"), ("prefix", "residu")),
            ("softmax", ("typo", "sofmax"), ("prefix", "softm")),
        )
    ),
    *(
        Concept(
            name,
            (f"$\\{name}_t$는", f"{letter}를 크게 하면"),
            (("latex", f"\\{name}"), ("latex", letter), ("latex", name)),
            (f"\\{name}", letter),
        )
        for name, letter in (
            ("gamma", "γ"),
            ("lambda", "λ"),
            ("omega", "ω"),
            ("kappa", "κ"),
            ("zeta", "ζ"),
        )
    ),
)
"""Everything that notes are about."""

_PLAIN = (
    "다음에 다시 보자",
    "조금 더 이야기해 볼 만하다",
    "그림으로 보면 쉽다",
    "아직 잘 모르겠다",
    "책에서 읽은 적이 있다",
    "천천히 따라가 보면 좋겠다",
)


def write_archive(folder: Path, weeks: int, seed: int = 7) -> dict[str, set[str]]:
    """Write the notes.

    Args:
        folder: Where they go; notes that are there are written anew.
        weeks: How many.
        seed: Of what is where.

    Returns:
        The ids of the meetings that are about each concept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    about: dict[str, set[str]] = {concept.id: set() for concept in CONCEPTS}
    for week in range(1, weeks + 1):
        lines = []
        for concept in chance.sample(CONCEPTS, 5):
            about[concept.id].add(f"w{week:02}")
            form = chance.choice(concept.forms)
            lines.append(f"{chance.choice(NAMES)}님 - {form} {chance.choice(_PLAIN)}\n")
        (folder / f"week-{week:02}.txt").write_text("\n".join(lines), "utf-8")
    return about
