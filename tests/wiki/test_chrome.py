"""The words around the content: the same in both languages, all of them in use."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

from benchmarks.invented_notes import ENGLISH, note
from studykit.wiki.chrome import LANGUAGES
from studykit.wiki.link import link_notes
from studykit.wiki.map import KINDS, MAP_WORDS
from studykit.wiki.pages import Page
from studykit.wiki.read import read_note
from studykit.wiki.render import Site, render_pages
from tests.wiki.support import parse

HANGUL = re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")

# Keys that are put together where they are used, by their first part.
COMPOSED = (
    *(f"home_open_{name}" for name in ("questions", "talks", "tasks")),
    *(f"home_{name}" for name in ("meetings", "questions", "talks", "links")),
    *(
        f"home_{name}"
        for name in ("tasks", "people", "catch_up", "terms", "notebooks", "api", "equations")
    ),
    "home_map",
    *(f"map_{word}" for word in MAP_WORDS),
    *(f"map_kind_{kind}" for kind in KINDS),
    *(f"use_{kind}" for kind in ("opinion", "question", "talk", "task", "link", "decision")),
    *(f"use_{kind}" for kind in ("answer", "prose")),
    *(f"talk_{status}" for status in ("planned", "given", "unknown")),
    *(f"age_{unit}{s}" for unit in ("day", "week", "meeting") for s in ("", "s")),
    *(f"kind_{kind}" for kind in ("paper", "article", "video", "code", "book", "none")),
    *(f"preview_{change}" for change in ("new", "changed", "gone", "outputs")),
    *(f"preview_{version}" for version in ("both", "after", "before")),
    *(f"preview_{kind}" for kind in ("question", "task", "decision", "talk", "term")),
)


@pytest.fixture(scope="module")
def phrases(root: Path) -> dict[str, dict[str, str]]:
    folder = root / "studykit/wiki/locale"
    found = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    assert set(found) == set(LANGUAGES)
    return found


@pytest.fixture(scope="module")
def source(root: Path) -> str:
    folder = root / "studykit/wiki"
    paths = sorted([*folder.rglob("*.py"), *folder.rglob("*.jinja")])
    return "\n".join(path.read_text("utf-8") for path in paths)


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None}


def test_both_languages_have_the_same_keys_in_the_same_order(
    phrases: dict[str, dict[str, str]],
) -> None:
    assert list(phrases["ko"]) == list(phrases["en"])


def test_both_languages_fill_in_the_same_values(phrases: dict[str, dict[str, str]]) -> None:
    different = {
        key: (phrase, phrases["en"][key])
        for key, phrase in phrases["ko"].items()
        if fields(phrase) != fields(phrases["en"][key])
    }
    assert different == {}


def test_every_key_that_is_looked_up_exists(
    phrases: dict[str, dict[str, str]], source: str
) -> None:
    looked_up = set(re.findall(r"\bt\(\s*[\"'](\w+)[\"'](?! ~)", source)) | set(COMPOSED)
    assert len(looked_up) > 50
    assert looked_up - set(phrases["ko"]) == set()


def test_every_key_is_used(phrases: dict[str, dict[str, str]], source: str) -> None:
    words = set(re.findall(r"[\"'](\w+)[\"']", source)) | set(COMPOSED)
    assert [key for key in phrases["ko"] if key not in words] == []


def test_no_phrase_is_empty_or_markup(phrases: dict[str, dict[str, str]]) -> None:
    for words in phrases.values():
        for key, phrase in words.items():
            assert phrase.strip() == phrase != "", key
            assert not set("<>&`*") & set(phrase), key


def test_english_phrases_are_english_and_korean_ones_korean(
    phrases: dict[str, dict[str, str]],
) -> None:
    assert [key for key, phrase in phrases["en"].items() if HANGUL.search(phrase)] == []
    same = {"previous", "next", "filter_shown", "api", "map_kind_api"}
    without = {key for key, phrase in phrases["ko"].items() if not HANGUL.search(phrase)}
    assert without == same


def test_english_pages_have_hangul_only_from_the_notes() -> None:
    notes = [read_note(note(week, words=ENGLISH).encode(), f"week-{week}.txt") for week in (1, 2)]
    typed = set(HANGUL.findall("".join(one.text for one in notes)))
    assert typed
    site = Site(name="Clouds", language="en", has_api=True)
    pages = [part for part in render_pages(link_notes(notes), site) if isinstance(part, Page)]
    assert len(pages) > 20
    for page in pages:
        assert not HANGUL.search(page.title), page.path
        text = parse(page.body).text()
        attributes = " ".join(
            value for element in parse(page.body).all() for value in element.attributes.values()
        )
        # What a note's author typed in Hangul: honorifics, times, and the labels of its sections.
        rest = re.sub(
            r"(?<=[a-z])님|다다음주|다음 주|까지|에\b|및|정리|발표|금일|질문|사항|결정|링크",
            "",
            text + attributes,
        )
        assert not HANGUL.findall(rest), page.path
