"""The exported Markdown: another engine builds the same pages from it, without a warning."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin
from xml.etree.ElementTree import fromstring

import pytest
from jsonschema import Draft202012Validator

from tests.wiki.projects import copy_project
from tests.wiki.support import Element, Project, files, parse


@pytest.fixture(scope="module")
def project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_project(root, tmp_path_factory.mktemp("export") / "project")
    done = project.run("export", "../out")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return project


@pytest.fixture(scope="module")
def zensical(project: Project) -> dict[str, bytes]:
    """The site that Zensical builds of the export."""
    out = project.folder.parent / "out"
    done = subprocess.run(
        [Path(sys.executable).with_name("zensical"), "build", "--strict", "-f", out / "mkdocs.yml"],
        cwd=project.folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    printed = done.stdout + done.stderr
    assert done.returncode == 0, printed
    assert "warning" not in printed.lower()
    return files(out / "site")


@pytest.fixture(scope="module")
def mkdocs(whole_site: Path) -> dict[str, bytes]:
    return files(whole_site)


def pages(site: dict[str, bytes]) -> set[str]:
    return {path for path in site if path.rpartition("/")[2] == "index.html"}


def article(site: dict[str, bytes], path: str) -> Element:
    (element,) = parse(site[path].decode()).with_tag("article")[:1]
    return element


def test_both_engines_have_the_same_pages(
    mkdocs: dict[str, bytes], zensical: dict[str, bytes]
) -> None:
    assert "meetings/w01/index.html" in pages(mkdocs)
    assert pages(zensical) == pages(mkdocs)


@pytest.mark.parametrize(
    "path",
    [
        "meetings/w01/index.html",
        "meetings/w01/raw/index.html",
        "questions/w01-q1/index.html",
        "links/index.html",
    ],
)
def test_both_engines_show_the_same_text(
    mkdocs: dict[str, bytes], zensical: dict[str, bytes], path: str
) -> None:
    texts = [
        article(site, path).text(
            "headerlink", "md-feedback", "md-source-file", "md-content__button"
        )
        for site in (mkdocs, zensical)
    ]
    assert "".join(texts[0].split()) == "".join(texts[1].split()) != ""


def test_both_engines_have_the_same_anchors(
    mkdocs: dict[str, bytes], zensical: dict[str, bytes]
) -> None:
    anchors = [
        [
            e.attributes["id"]
            for e in article(site, "meetings/w01/index.html").all()
            if not e.attributes.get("id", "__").startswith("__")  # the theme's own
        ]
        for site in (mkdocs, zensical)
    ]
    assert anchors[0] == anchors[1] != []


def test_scripts_and_styles_are_there(zensical: dict[str, bytes]) -> None:
    page = zensical["meetings/w01/index.html"]
    for name in (b"assets/studykit/studykit.css", b"assets/studykit/studykit.js"):
        assert name in page
        assert name.decode() in zensical


def test_the_data_are_there_and_lead_to_pages(zensical: dict[str, bytes], project: Project) -> None:
    archive = json.loads(zensical["archive.json"])
    schema = json.loads(zensical[archive["$schema"]])
    Draft202012Validator(schema).validate(archive)
    urls = [each["url"] for each in (*archive["records"], *archive["meetings"], *archive["pages"])]
    assert len(urls) > 30
    for url in urls:
        assert f"{url.partition('#')[0]}index.html" in zensical
    assert fromstring(zensical["feed.xml"]).tag.endswith("feed")
    listed = re.findall(r"\]\(([^)]+)\)", zensical["llms.txt"].decode())
    assert "meetings/w01/" in listed
    for address in listed:
        assert (f"{address}index.html" if address.endswith("/") else address) in zensical
    # Each page is Markdown itself: there is no second one beside it.
    docs = project.folder.parent / "out" / "docs"
    assert len(list(docs.rglob("*.md"))) == len(pages(zensical))


def test_annotated_source_is_there_with_its_links(
    zensical: dict[str, bytes], project: Project
) -> None:
    lines = (project.folder / "studykit/diffusion/ddpm.py").read_text("utf-8").split("\n")
    code = lines.index("class DDPM(Diffusion):") + 1
    page = article(zensical, "api/source/studykit.diffusion.ddpm/index.html")
    hrefs = {each.attributes.get("href", "") for each in page.with_tag("a")}
    assert {f"#L{code}", "../../../equations/ho-2020/#eq-14", "../../../terms/gaussian/"} <= hrefs
    assert "../../diffusion/#studykit.diffusion.ddpm.DDPM.loss" in hrefs


def test_every_link_leads_somewhere(zensical: dict[str, bytes]) -> None:
    # Below a folder: what climbs over the site's root would be found there otherwise.
    root = "https://site.example/a/b/c/d/"
    ids = {
        path: {each.attributes.get("id", "") for each in parse(zensical[path].decode()).all()}
        for path in pages(zensical)
    }
    dead = []
    for path in pages(zensical):
        for link in article(zensical, path).with_tag("a"):
            url = urljoin(root + path.removesuffix("index.html"), link.attributes.get("href", "#"))
            place, fragment = urldefrag(url)
            if not place.startswith("https://site.example/"):
                continue
            target = unquote(place.removeprefix(root))
            target = f"{target}index.html" if target == "" or target.endswith("/") else target
            if target not in zensical or unquote(fragment) not in {*ids.get(target, ()), ""}:
                dead.append((path, link.attributes["href"]))
    assert dead == []


def test_the_export_leaves_the_project_alone(project: Project, root: Path) -> None:
    for name in ("meetings/week-01.txt", "mkdocs.yml"):
        assert (project.folder / name).read_bytes() == (root / name).read_bytes()
    assert sorted(path.name for path in (project.folder.parent / "out/docs").glob(".*")) == []
