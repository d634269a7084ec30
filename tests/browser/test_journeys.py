"""What a reader comes for, on a phone, from home, in three clicks at most."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.browser.invented import WEEKS
from tests.browser.reader import Reader
from tests.browser.sites import Site


class Journey:
    """Counts the clicks."""

    def __init__(self, reader: Reader) -> None:
        self.page = reader.page
        self._reader = reader
        self._clicks = 0

    def follow(self, link: Locator) -> None:
        self._clicks += 1
        assert self._clicks <= 3
        self._reader.follow(link)

    def way(self, name: str) -> Locator:
        """One of home's ways to go on."""
        return self.page.locator(".sk-ways").get_by_role("link", name=re.compile(f"^{name} "))


def test_what_did_each_say_in_week_1_about_ddpm(wiki: Site, visit: Visit) -> None:
    journey = Journey(visit(wiki, size="phone"))
    journey.follow(journey.way("용어"))
    terms = journey.page.locator(".sk-register")
    journey.follow(terms.get_by_role("link", name="디노이징 확산 확률 모델 (DDPM)"))
    uses = journey.page.locator(".sk-uses").first
    expect(uses).to_contain_text("상모 스코어 베이스, 디퓨전 모델 브랜치")
    expect(uses.get_by_role("link", name="1주차").first).to_be_visible()
    journey.follow(journey.page.get_by_role("link", name=re.compile("^외 ")).first)
    for name in ("상모", "현수", "인희"):
        said = journey.page.get_by_role("listitem").filter(
            has=journey.page.get_by_role("link", name=name, exact=True)
        )
        expect(said.filter(has_text="1주차").first).to_be_visible()


def under(journey: Journey, heading: str) -> Locator:
    """The items of a part of home."""
    title = journey.page.get_by_role("heading", name=re.compile(heading))
    return journey.page.locator("section", has=title).get_by_role("listitem")


def test_what_is_still_unanswered_and_since_when(archive: Site, visit: Visit) -> None:
    journey = Journey(visit(archive, size="phone"))
    # The newest are on home, without a click; the rest is one away.
    questions = under(journey, "답을 기다리는 질문")
    expect(questions.first).to_contain_text(f"{WEEKS}주차 구름은 왜 흰가")
    expect(questions.nth(4)).to_contain_text(f"{WEEKS - 1}주차")
    expect(questions.nth(4)).to_contain_text("1주째")
    journey.follow(journey.page.get_by_role("link", name=re.compile("답을 기다리는 질문")))
    rows = journey.page.locator(".sk-register .sk-row")
    expect(rows.first).to_contain_text("답을 기다림")


def test_who_presents_next(wiki: Site, visit: Visit) -> None:
    talks = under(Journey(visit(wiki, size="phone")), "예정된 발표")
    expect(talks.first.locator(".sk-person").first).to_have_text("현수")


def test_which_function_is_equation_12(wiki: Site, visit: Visit) -> None:
    journey = Journey(visit(wiki, size="phone"))
    journey.follow(journey.way("수식"))
    paper = journey.page.get_by_role("listitem").filter(has_text="Ho et al. (2020)")
    journey.follow(paper.get_by_role("link"))
    journey.follow(journey.page.locator(".sk-jumps").get_by_role("link", name="식 12", exact=True))
    heading = journey.page.locator("h2:target")
    expect(heading).to_contain_text("식 12")
    code = journey.page.locator("h2:target ~ .sk-code").first
    expect(code.get_by_role("link").first).to_have_text("bound_term")
