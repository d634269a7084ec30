"""The links above a notebook lead to the repository that the site is built from, or to none."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from studykit.wiki.chrome import load_chrome
from studykit.wiki.notebook_links import (
    Repository,
    find_repository,
    with_notebook_links,
    with_page_links,
)
from studykit.wiki.sanitise import clean


@pytest.fixture
def cloned(tmp_path: Path):
    def cloned(remote: str) -> Path:
        for command in (["init", "-q"], ["remote", "add", "origin", remote]):
            subprocess.run(["git", *command], cwd=tmp_path, check=True)
        return tmp_path

    return cloned


def name(*arguments) -> str | None:
    found = find_repository(*arguments)
    return found and found.name


def test_in_a_forks_workflow_the_fork_is_meant(cloned):
    project = cloned("https://github.com/first/study.git")
    there = {"GITHUB_REPOSITORY": "fork-of/study.kit"}
    assert name(project, "https://github.com/first/study", there) == "fork-of/study.kit"


@pytest.mark.parametrize(
    "remote",
    [
        "https://github.com/a-b/study",
        "https://github.com/a-b/study.git",
        "https://someone:secret@github.com/a-b/study.git",
        "git@github.com:a-b/study.git",
        "ssh://git@github.com/a-b/study",
    ],
)
def test_elsewhere_the_configuration_counts_and_then_the_clone(cloned, remote):
    project = cloned(remote)
    assert name(project, None, {}) == "a-b/study"
    assert name(project, "https://github.com/said/so/", {}) == "said/so"


@pytest.mark.parametrize(
    "remote",
    [
        "https://gitlab.com/a/study.git",
        "https://github.com.evil.example/a/study",
        "/srv/git/study.git",
        'https://github.com/a/"><script>',
    ],
)
def test_what_is_not_on_github_has_no_colab(cloned, remote):
    project = cloned(remote)
    assert find_repository(project, None, {"GITHUB_REPOSITORY": "../../x"}) is None
    notebook = project / "docs/notebooks/a.ipynb"
    html = with_notebook_links("<h1>A</h1>", notebook, project, None, load_chrome("ko"))
    assert "colab" not in html.lower()
    assert "내려받기" in html


def test_without_git_nothing_is_known(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert find_repository(tmp_path, None, {}) is None


def test_the_branch_is_that_of_a_push_and_of_no_pull_request(tmp_path):
    there = {"GITHUB_REPOSITORY": "o/r", "GITHUB_REF_NAME": "next/one"}
    pushed = find_repository(tmp_path, None, {**there, "GITHUB_EVENT_NAME": "push"})
    asked = find_repository(
        tmp_path,
        None,
        {**there, "GITHUB_REF_NAME": "7/merge", "GITHUB_EVENT_NAME": "pull_request"},
    )
    assert (pushed.branch, asked.branch) == ("next/one", "main")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_links_stand_below_the_title(tmp_path, language):
    t = load_chrome(language)
    notebook = tmp_path / "docs/notebooks/걷기 1.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.with_suffix(".py").touch()
    page = with_notebook_links("<h1>걷기</h1><p>본문</p>", notebook, tmp_path, Repository("o/r"), t)
    soup = BeautifulSoup(page, "html.parser")
    # The allow-list that the site passes leaves it as it is.
    assert str(BeautifulSoup(clean(page, ours=True), "html.parser")) == str(soup)
    title = soup.find("h1")
    bar = title.find_next_sibling("div")
    place = "o/r/blob/main/docs/notebooks/%EA%B1%B7%EA%B8%B0%201.ipynb"
    assert [(a.get_text(), a["href"]) for a in bar.find_all("a")] == [
        (t("notebook_colab"), f"https://colab.research.google.com/github/{place}"),
        (t("notebook_download"), "%EA%B1%B7%EA%B8%B0%201.ipynb"),
        (t("notebook_text"), "../%EA%B1%B7%EA%B8%B0%201.py"),
    ]
    install = '%pip install "studygroup-studykit[models] @ git+https://github.com/o/r@main"'
    assert bar.find("code").get_text() == install
    assert bar.find_next_sibling("p").get_text() == "본문"


def test_links_to_files_become_links_to_pages():
    assert with_page_links('<a class="x" href="../answers/vae.md">') == (
        '<a class="x" href="../../answers/vae/">'
    )
    assert with_page_links('<a href="score.ipynb#끝">') == '<a href="../score/#끝">'
    assert with_page_links('<a href="../results/index.md">') == '<a href="../../results/">'
    for left in ('<a href="#a.md">', '<a href="/a.md">', '<a href="https://a.example/b.md">'):
        assert with_page_links(left) == left
    assert with_page_links('<img src="a.md">') == '<img src="a.md">'
