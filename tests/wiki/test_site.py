"""The built site: whole, the same each time, and in place until a better one is there."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from benchmarks.invented_notes import write_notes
from tests.wiki.projects import copy_project, make_small_project
from tests.wiki.support import Element, Project, files, parse


@pytest.fixture(scope="session")
def built(whole_site: Path) -> dict[str, bytes]:
    """The site of the whole project, built where importing torch fails."""
    return files(whole_site)


@pytest.fixture(scope="session")
def pages(built: dict[str, bytes]) -> dict[str, Element]:
    return {path: parse(data.decode()) for path, data in built.items() if path.endswith(".html")}


@pytest.fixture(scope="session")
def sizes(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, int]]:
    """The size of every page of a site of 3 and one of 60 notes."""
    found = {}
    for count in (3, 60):
        project = make_small_project(root, tmp_path_factory.mktemp("sizes") / str(count))
        (project.folder / "meetings/week-02.txt").unlink()
        write_notes(project.folder / "meetings", count)
        found[count] = {path: len(data) for path, data in files(project.build()).items()}
    return found


# --- whole ----------------------------------------------------------------------------------------


def test_it_builds_without_a_warning_and_without_torch(built: dict[str, bytes]) -> None:
    assert "meetings/w01/index.html" in built
    assert "questions/w01-q1/index.html" in built
    assert "api/diffusion/index.html" in built
    assert b"torch" in built["api/diffusion/index.html"]


def addresses(page: Element) -> Iterator[str]:
    for element in page.all():
        for name in ("href", "src", "action", "data-sk-rows"):
            if name in element.attributes:
                yield element.attributes[name]
        if "srcset" in element.attributes:
            yield from (part.split()[0] for part in element.attributes["srcset"].split(","))


def broken(site: Mapping[str, bytes], pages: Mapping[str, Element]) -> list[str]:
    """Every internal address that leads nowhere."""
    anchors = {
        path: {e.attributes["id"] for e in page.all() if "id" in e.attributes}
        | {e.attributes["name"] for e in page.with_tag("a") if "name" in e.attributes}
        for path, page in pages.items()
    }
    found = []
    for path, page in pages.items():
        base = f"http://127.0.0.1:8000/{path.removesuffix('index.html')}"
        for address in addresses(page):
            url = urlsplit(urljoin(base, address))
            if url.scheme not in ("http", "https") or url.netloc != "127.0.0.1:8000":
                continue
            target = unquote(url.path).lstrip("/")
            if not target or target.endswith("/"):
                target += "index.html"
            if target not in site:
                found.append(f"{path}: {address}: no such file")
            elif url.fragment and unquote(url.fragment) not in anchors.get(target, ()):
                found.append(f"{path}: {address}: no such anchor")
    return found


def test_every_internal_address_leads_somewhere(
    built: dict[str, bytes], pages: dict[str, Element]
) -> None:
    assert sum(len(list(addresses(page))) for page in pages.values()) > 1000
    assert broken(built, pages) == []


def test_the_crawler_sees_what_is_broken(
    built: dict[str, bytes], pages: dict[str, Element]
) -> None:
    without = {path: data for path, data in built.items() if path != "questions/w01-q1/index.html"}
    assert any("w01-q1" in line for line in broken(without, pages))
    mended = {**pages, "meetings/w01/raw/index.html": parse("<p>no line numbers</p>")}
    assert any("raw/#L3: no such anchor" in line for line in broken(built, mended))


def test_nothing_is_asked_of_another_host(pages: dict[str, Element]) -> None:
    """Links lead elsewhere; what a page loads by itself comes from the site."""
    for path, page in pages.items():
        for element in page.all():
            loaded = [element.attributes.get("src", "")]
            if element.tag == "link" and element.attributes.get("rel") != "canonical":
                loaded.append(element.attributes.get("href", ""))
            for address in loaded:
                assert urlsplit(address).netloc in ("", "127.0.0.1:8000"), (path, address)


def test_ids_are_unique_on_each_page(pages: dict[str, Element]) -> None:
    for path, page in pages.items():
        ids = [
            e.attributes["id"] for e in page.all() if e.attributes.get("id", "").startswith("w01")
        ]
        assert len(set(ids)) == len(ids), path


# --- size -----------------------------------------------------------------------------------------


def test_the_page_of_week_1_is_small(built: dict[str, bytes]) -> None:
    assert len(built["meetings/w01/index.html"]) < 45_000


PICTURE = re.compile(rb"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+")


def test_what_people_read_is_light_apart_from_its_pictures(built: dict[str, bytes]) -> None:
    """Notebooks, write-ups, meetings and registers; the API has its source in the page."""
    read = {
        path: len(PICTURE.sub(b"", data))
        for path, data in built.items()
        if path.endswith(".html") and not path.startswith(("api/", "equations/"))
    }
    notebooks = [path for path in read if path.startswith("notebooks/") and path.count("/") == 2]
    assert len(notebooks) == 4
    # Their pictures lie in the page, and are what was taken out.
    assert all(PICTURE.search(built[path]) for path in notebooks)
    assert {path: size for path, size in read.items() if size > 150_000} == {}


@pytest.mark.slow
def test_pages_stay_as_large_as_the_archive_grows(sizes: dict[int, dict[str, int]]) -> None:
    for path in ("meetings/w02/index.html", "meetings/w02/raw/index.html"):
        assert abs(sizes[60][path] - sizes[3][path]) <= 20, path
    assert sum(path.endswith(".html") for path in sizes[60]) > 300


# --- the same each time ---------------------------------------------------------------------------


def test_one_source_gives_one_site(
    root: Path, tmp_path: Path, built: dict[str, bytes], without_torch: dict[str, str]
) -> None:
    # Another folder, with a blank and Hangul in its name, another hash seed and time zone.
    project = copy_project(root, tmp_path / "다른 곳")
    env = {**without_torch, "PYTHONHASHSEED": "7", "TZ": "Asia/Seoul", "LC_ALL": "C"}
    again = files(project.build(env=env))
    assert sorted(again) == sorted(built)
    assert [path for path, data in again.items() if data != built[path]] == []


def test_the_sitemap_has_the_day_of_the_last_commit(project: Project) -> None:
    def git(*arguments: str, **env: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(
            ["git", *who, *arguments], cwd=project.folder, env={**os.environ, **env}, check=True
        )

    def days(**env: str) -> set[bytes]:
        built = files(project.build(env={**os.environ, "TZ": "Asia/Seoul", **env}))
        return set(re.findall(rb"<lastmod>(.*)</lastmod>", built["sitemap.xml"]))

    git("init", "-q")
    late = "2024-03-04T23:30:00-0500"
    git("commit", "-q", "--allow-empty", "-m", "one", GIT_COMMITTER_DATE=late)
    assert days() == {b"2024-03-05"}
    assert days(SOURCE_DATE_EPOCH="86400") == {b"1970-01-02"}


def test_building_again_changes_nothing_and_leaves_nothing_behind(project: Project) -> None:
    extra = project.folder / "meetings/week-03.txt"
    first = files(project.build())
    shutil.copy(project.folder / "meetings/week-02.txt", extra)
    more = files(project.build())
    assert any(path.startswith("meetings/w03/") for path in more)
    extra.unlink()
    assert files(project.build()) == first
    assert sorted(path.name for path in project.folder.iterdir()) == [
        "docs",
        "meetings",
        "mkdocs.yml",
        "node_modules",
        "site",
    ]


# --- a failed build -------------------------------------------------------------------------------


@pytest.mark.parametrize("mistake", ["no notes", "a broken link", "a broken configuration"])
def test_a_failed_build_leaves_the_last_site_in_place(project: Project, mistake: str) -> None:
    before = files(project.build())
    if mistake == "no notes":
        shutil.rmtree(project.folder / "meetings")
    elif mistake == "a broken link":
        (project.folder / "docs/extra.md").write_text("[nowhere](nowhere.md)\n", "utf-8")
    else:
        (project.folder / "mkdocs.yml").write_text("site_name: [\n", "utf-8")
    done = project.run("build")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert files(project.folder / "site") == before
    assert not list(project.folder.glob(".site-*"))


def test_a_site_elsewhere(project: Project, tmp_path: Path) -> None:
    project.build("--site-dir", tmp_path / "a b/사이트")
    assert (tmp_path / "a b/사이트/index.html").is_file()
    assert not (project.folder / "site").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_a_web_server_may_read_it(project: Project) -> None:
    site = project.build()
    assert site.stat().st_mode & 0o777 == 0o755


def test_bytes_that_are_no_utf8_reach_no_encoder(project: Project) -> None:
    note = "질문\n1. caf\u00e9 <b>\n\ncaf\u00e9님 - caf\u00e9 https://x.org/\u00e9\n"
    (project.folder / "meetings/week-05.txt").write_bytes(note.encode("cp949", "ignore") + b"\xe9")
    (project.folder / "meetings/week-06.txt").write_bytes(
        "질문\n1. 왜 ".encode() + b"\xe9 ?\n\xe9" + "님 - \n가람님 - ".encode() + b"\xe9\n"
    )
    site = files(project.build())
    page = parse(site["questions/w06-q1/index.html"].decode())
    assert page.with_tag("h1")[0].text("headerlink") == "왜 \\xE9 ?"
    assert "\\xE9" in page.with_tag("title")[0].text()


def test_markup_in_a_question_is_text_in_titles_and_search(project: Project) -> None:
    (project.folder / "meetings/week-04.txt").write_text(
        "질문\n1. </title><script>alert(1)</script> & {{ x }}\n", "utf-8"
    )
    site = files(project.build())
    page = parse(site["questions/w04-q1/index.html"].decode())
    assert (
        page.with_tag("title")[0].text().startswith("</title><script>alert(1)</script> & {{ x }}")
    )
    assert all("alert" not in script.text() for script in page.with_tag("script"))
    # Material's search shows what its index holds as HTML.
    # The search's texts are plain: its worker escapes what it shows (tests/browser/test_search.py).
    assert b"<script>" not in site["search/search_index.json"]


def test_addresses_have_no_case_or_blank_to_get_wrong(built: dict[str, bytes]) -> None:
    ours = [path for path in built if not path.startswith(("assets/", "docs/", "api/"))]
    assert ours
    for path in ours:
        assert path == posixpath.normpath(path)
        assert " " not in path
