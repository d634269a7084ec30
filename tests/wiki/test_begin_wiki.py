"""`studykit init` and `studykit upgrade`: another group's wiki, from nothing to a site and on."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from studykit.errors import ConfigError, NoteError
from studykit.wiki.beginning import Settings, begin_wiki, chosen_source, upgrade_wiki
from studykit.wiki.beginning.origin import origin
from studykit.wiki.beginning.project_files import first_files, kept_files
from studykit.wiki.beginning.wiki import MANIFEST
from studykit.wiki.group import load_group
from studykit.wiki.issues import import_issue
from studykit.wiki.read import read_note
from studykit.wiki.symbols import api_modules
from studykit.wiki.terms import load_terms
from tests.wiki.support import Project, files, parse

SOURCE = chosen_source("https://git.example.org/group/studykit")
SETTINGS = Settings("안개: 스터디 #1", "ko", SOURCE)
NOTE = "\ufeffWeek 3\r\n\r\nQuestions:\r\n1. <b>Why</b> does it rain?\r\n".encode()


@pytest.fixture
def wiki(tmp_path: Path) -> Path:
    folder = tmp_path / "wiki"
    begin_wiki(folder, SETTINGS)
    return folder


# --- init -----------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot run the stand-in for npm")
@pytest.mark.parametrize("language", ["ko", "en"])
def test_from_nothing_to_a_site_in_two_commands(
    root: Path, tmp_path: Path, language: str, without_torch: dict[str, str]
) -> None:
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f'#!/bin/sh\necho "$1" >&2\nln -s "{root}/node_modules" node_modules\n', "utf-8")
    npm.chmod(0o755)
    env = {**without_torch, "PATH": f"{npm.parent}{os.pathsep}{os.environ['PATH']}"}
    (tmp_path / "비 기록.txt").write_bytes(NOTE)
    wiki = Project(tmp_path / "위키 하나")
    done = Project(tmp_path).run(
        *("init", wiki.folder, "--name", "안개: '스터디' #1", "--language", language),
        *("--note", "비 기록.txt", "--source", SOURCE),
        env=env,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    site = wiki.build(env=env)
    home = (site / "index.html").read_text("utf-8")
    assert f'<html lang="{language}"' in home
    assert "안개: '스터디' #1" in parse(home).text()
    assert "does it rain?" in parse((site / "questions/index.html").read_text("utf-8")).text()
    assert not (site / "api").exists()
    assert not (site / "equations").exists()
    done = wiki.run("check", env=env)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_first_note_is_taken_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "비.txt").write_bytes(NOTE)
    path = begin_wiki(tmp_path / "wiki", SETTINGS, note=tmp_path / "비.txt")
    assert path == tmp_path / "wiki/meetings/week-03.txt"
    assert path.read_bytes() == NOTE
    assert [each.name for each in path.parent.glob("*.txt")] == ["week-03.txt"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_note_of_the_template_states_nothing(language: str) -> None:
    data = first_files(Settings("x", language, ""))["meetings/week-01.txt"]
    note = read_note(data, "week-01.txt")
    assert not list(note.records())
    assert [meeting.week for meeting in note.meetings] == [1]
    # A group that fills it in is understood.
    filled = re.sub(r"(질문 사항 :|Questions:)\n", r"\1\n1. 비는 왜 오나?\n", data.decode())
    filled = re.sub(r"(다음 주까지 :|For next week:)\n", r"\1\n- 안개 읽기\n", filled)
    note = read_note(filled.encode(), "week-01.txt")
    assert (len(note.questions), len(note.tasks)) == (1, 1)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_examples_work_once_they_are_uncommented(tmp_path: Path, language: str) -> None:
    for name, data in first_files(Settings("x", language, "")).items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        # What is no TOML is what explains it.
        lines = [line.removeprefix("# ") for line in data.decode().splitlines()]
        path.write_text("\n".join(filter(re.compile(r"\[|\w+ = ").match, lines)), "utf-8")
    group = load_group(tmp_path / "meetings", tmp_path)
    assert len(group.people.members) == 1
    assert [term.id for term in load_terms(tmp_path / "docs")] == ["ddpm"]
    assert "[sections]" in (tmp_path / "meetings/lexicon.toml").read_text("utf-8")


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki/mine.txt").write_text("x", "utf-8")
    with pytest.raises(ConfigError, match=r"wiki: the folder is not empty: mine.txt\n  mend: "):
        begin_wiki(tmp_path / "wiki", SETTINGS)
    assert files(tmp_path) == {"wiki/mine.txt": b"x"}


def test_an_empty_folder_and_a_new_repository_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "wiki"
    (folder / ".git").mkdir(parents=True)
    before = folder.stat().st_ino
    begin_wiki(folder, SETTINGS)
    assert folder.stat().st_ino == before  # whoever stands in it still does
    assert (folder / MANIFEST).is_file()
    assert [each.name for each in tmp_path.iterdir()] == ["wiki"]


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x1bb"])
def test_a_name_is_a_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="must be a line"):
        begin_wiki(tmp_path / "wiki", Settings(name, "ko", SOURCE))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("there", [True, False])
def test_what_fails_leaves_nothing(tmp_path: Path, there: bool) -> None:
    (tmp_path / "비.pdf").write_bytes(b"%PDF")
    if there:
        (tmp_path / "wiki").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(NoteError, match=r"only \.txt and \.md files are notes"):
        begin_wiki(tmp_path / "wiki", SETTINGS, note=tmp_path / "비.pdf")
    assert sorted(tmp_path.rglob("*")) == before


# --- where studykit comes from --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("https://git.example.org/g/studykit@v2", "git+https://git.example.org/g/studykit@v2"),
        ("git+https://git.example.org/s.git@a/b", "git+https://git.example.org/s.git@a/b"),
    ],
)
def test_a_source_names_a_repository(said: str, source: str) -> None:
    assert chosen_source(said) == source
    assert chosen_source(said, SOURCE) == source


@pytest.mark.parametrize(
    "said",
    [
        *("studykit", "http://git.example.org/g/s", "file:///home/g/s", "https://git.example.org"),
        *(
            "https://me:secret@git.example.org/g/s",
            "https://git.example.org/s --pre",
            "git+ssh://x/y",
        ),
        "https://git.example.org/s\n--index-url=https://x",
    ],
)
def test_what_is_no_repository_is_refused(said: str) -> None:
    with pytest.raises(ConfigError, match="no address of a git repository"):
        chosen_source(said)


@pytest.mark.parametrize(
    ("remote", "known"),
    [
        ("https://git.example.org/g/studykit.git", "https://git.example.org/g/studykit.git"),
        ("https://me:secret@git.example.org/g/s", "https://git.example.org/g/s"),
        ("git@git.example.org:g/studykit.git", "https://git.example.org/g/studykit"),
        ("ssh://git@git.example.org/g/studykit", "https://git.example.org/g/studykit"),
        ("/home/somebody/studykit.git", ""),
        (None, ""),
    ],
)
def test_a_checkout_is_known_by_its_remote(tmp_path: Path, remote: str | None, known: str) -> None:
    folder = tmp_path / "체크 아웃"
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    name = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (
        ["init", "-q", str(folder)],
        ["-C", str(folder), *name, "commit", "-q", "--allow-empty", "-m", "x"],
        *([["-C", str(folder), "remote", "add", "origin", remote]] if remote else []),
    ):
        subprocess.run(["git", *command], check=True, env=env)
    head = subprocess.check_output(["git", "-C", str(folder), "rev-parse", "HEAD"], text=True)
    installed = json.dumps({"url": folder.as_uri(), "dir_info": {"editable": True}})
    assert origin(installed) == (known, head.strip())
    # A folder in somebody's repository is no checkout of ours.
    (folder / "in it").mkdir()
    assert origin(json.dumps({"url": (folder / "in it").as_uri()})) == ("", "")


def test_an_unknown_source_is_said_and_not_invented(tmp_path: Path) -> None:
    begin_wiki(tmp_path / "wiki", Settings("x", "ko", ""))
    text = (tmp_path / "wiki/requirements.txt").read_text("utf-8")
    assert "studykit upgrade --source" in text
    assert re.findall(r"git\+https://([^/\s]+)", text) == ["not-named-yet.invalid"]


# --- upgrade --------------------------------------------------------------------------------------


def made_older(wiki: Path, *names: str) -> None:
    """As if an earlier version had written these files, each with a line less at its end."""
    manifest = wiki / MANIFEST
    for name in names:
        path = wiki / name
        hashes = manifest.read_text("utf-8")
        path.write_bytes(b"# of an older version\n" + path.read_bytes())
        begun = re.search(rf'"?{re.escape(name)}"? = "(\w+)"', hashes)
        assert begun
        manifest.write_text(hashes.replace(begun[1], sha256(path)), "utf-8")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_upgrade_replaces_what_nobody_changed_and_keeps_the_rest(wiki: Path) -> None:
    new = files(wiki)
    workflow, config, ignored = ".github/workflows/pages.yml", "mkdocs.yml", ".gitignore"
    made_older(wiki, workflow, config, ".gitattributes")
    (wiki / config).write_bytes((wiki / config).read_bytes() + b"# ours\n")
    (wiki / ignored).write_bytes(b"# ours\n")  # studykit has nothing new for it
    (wiki / ".gitattributes").unlink()
    (wiki / "meetings/week-02.txt").write_bytes(NOTE)
    (wiki / "meetings/week-01.txt").write_bytes(b"typed\r\n")
    before = files(wiki)

    done = upgrade_wiki(wiki)

    after = files(wiki)
    assert done.written == (workflow,)
    assert list(done.kept) == [config]
    assert "-# ours" in done.kept[config].splitlines()
    assert done.missing == (".gitattributes",)
    assert after[f"{config}.new"] == new[config]
    assert after[workflow] == new[workflow]
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {workflow, f"{config}.new", MANIFEST}
    again = upgrade_wiki(wiki)
    assert (again.written, dict(again.kept)) == ((), {})
    assert files(wiki) == after


def test_an_upgrade_that_was_cut_goes_on(wiki: Path) -> None:
    whole = files(wiki)
    made_older(wiki, "README.md", "package.json")
    old = (wiki / MANIFEST).read_bytes()
    (wiki / "README.md").write_bytes(whole["README.md"])  # replaced; the manifest not yet written
    assert upgrade_wiki(wiki).written == ("package.json",)
    assert files(wiki) == whole
    assert (wiki / MANIFEST).read_bytes() != old


def test_what_somebody_wrote_beside_a_file_is_not_lost(wiki: Path) -> None:
    made_older(wiki, "mkdocs.yml")
    (wiki / "mkdocs.yml").write_bytes(b"ours: 1\n")
    (wiki / "mkdocs.yml.new").write_bytes(b"ours too\n")
    before = files(wiki)
    with pytest.raises(ConfigError, match=r"mkdocs\.yml\.new: .*something else is there"):
        upgrade_wiki(wiki)
    assert files(wiki) == before


def test_an_upgrade_can_name_another_source(wiki: Path) -> None:
    upgrade_wiki(wiki, "https://git.example.org/fork/studykit@v3")
    text = (wiki / "requirements.txt").read_text("utf-8")
    assert text.endswith("[wiki] @ git+https://git.example.org/fork/studykit@v3\n")
    assert not upgrade_wiki(wiki, "https://git.example.org/fork/studykit@v3").written


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights there")
def test_an_upgrade_writes_through_no_link(wiki: Path, tmp_path: Path) -> None:
    made_older(wiki, ".github/workflows/pages.yml")
    (tmp_path / "outside").mkdir()
    shutil.move(wiki / ".github/workflows", tmp_path / "outside/workflows")
    (wiki / ".github/workflows").symlink_to(tmp_path / "outside/workflows")
    before = files(tmp_path / "outside")
    with pytest.raises(ConfigError, match="leads out of the wiki's folder"):
        upgrade_wiki(wiki)
    assert files(tmp_path / "outside") == before


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('language = "ko"', 'language = "fr"', r"\.studykit\.toml:4: there are no words for"),
        ('language = "ko"', "", r"'language' must be of type str"),
        ("models = false", "models = 1", r"\.studykit\.toml:6: 'models' must be of type bool"),
        ('name = "', "name = ", r"\.studykit\.toml:3:8: this is no TOML"),
    ],
)
def test_a_broken_manifest_is_named_at_its_line(
    wiki: Path, before: str, after: str, message: str
) -> None:
    text = (wiki / MANIFEST).read_text("utf-8")
    (wiki / MANIFEST).write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ConfigError, match=message):
        upgrade_wiki(wiki)


def test_only_a_wiki_that_was_begun_is_upgraded(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not begun by `studykit init`"):
        upgrade_wiki(tmp_path)


# --- the same as here -----------------------------------------------------------------------------


def test_the_front_end_is_the_one_that_is_tested_here(root: Path) -> None:
    ours = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    made = kept_files(SETTINGS)
    lock = json.loads(made["package-lock.json"])["packages"]
    wanted = json.loads(made["package.json"])["dependencies"]
    assert lock[""]["dependencies"] == wanted
    assert {path: entry for path, entry in lock.items() if path} == {
        path: ours[path] for path in lock if path
    }
    needed = {f"node_modules/{name}" for name in wanted}
    for path in list(lock):
        needed |= {f"node_modules/{name}" for name in lock[path].get("dependencies", ())}
    assert needed == {path for path in lock if path}


def test_the_pages_look_as_they_do_here(root: Path) -> None:
    ours = (root / "mkdocs.yml").read_text("utf-8")
    theirs = kept_files(SETTINGS)["mkdocs.yml"].decode()
    for start, end in (("\ntheme:", "\nnav:"), ("\nvalidation:", "\nplugins:")):
        here, there = (text[text.index(start) : text.index(end)] for text in (ours, theirs))
        assert here == there
    start = "\nmarkdown_extensions:"
    assert ours[ours.index(start) :] == theirs[theirs.index(start) :]


def forms(language: str) -> dict[str, bytes]:
    made = kept_files(Settings("x", language, SOURCE))
    asked = (".github/ISSUE_TEMPLATE/", ".github/PULL_REQUEST_TEMPLATE.md")
    return {name: data for name, data in made.items() if name.startswith(asked)}


def test_what_github_asks_is_what_it_asks_here(root: Path) -> None:
    made = forms("ko")
    here = {path.relative_to(root).as_posix() for path in (root / ".github").rglob("*TEMPLATE/*")}
    assert set(made) == {*here, ".github/PULL_REQUEST_TEMPLATE.md"}
    for name, data in made.items():
        assert data == (root / name).read_bytes(), name


def test_in_english_github_asks_the_same(wiki: Path) -> None:
    korean, english = forms("ko"), forms("en")
    assert set(korean) == set(english)
    for name, data in english.items():
        assert (wiki / name).read_bytes() == korean[name]
        assert not re.search("[가-힣]", data.decode())
        if name.endswith("config.yml") or not name.endswith(".yml"):
            continue
        ours, theirs = (yaml.safe_load(each) for each in (korean[name], data))
        assert set(ours) == set(theirs)
        assert ours["labels"] == theirs["labels"]
        for one, two in zip(ours["body"], theirs["body"], strict=True):
            assert (one["type"], one["id"]) == (two["type"], two["id"])
            assert one.get("validations") == two.get("validations")
            assert set(one["attributes"]) >= set(two["attributes"]) >= {"label"}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_question_that_was_filed_by_the_form_is_taken_in(tmp_path: Path, language: str) -> None:
    form = yaml.safe_load(forms(language)[".github/ISSUE_TEMPLATE/question.yml"])
    labels = [field["attributes"]["label"] for field in form["body"]]
    answers = ("Why does it rain?", "Eq. 3")
    said = {
        "number": 12,
        "title": form["title"],
        # As GitHub puts together what was filled in.
        "body": "\n\n".join(f"### {x}\n\n{y}" for x, y in zip(labels, answers, strict=True)),
        "author": {"login": "garam"},
        "createdAt": "2031-03-18T09:10:11Z",
        "url": "https://github.example/group/wiki/issues/12",
    }
    (tmp_path / "issue.json").write_text(json.dumps(said), "utf-8")
    done = import_issue(tmp_path / "issue.json", tmp_path / "docs")
    assert (done.issue.text, done.issue.place) == answers


def test_the_api_pages_show_what_they_show_here(root: Path, tmp_path: Path) -> None:
    made = kept_files(Settings("x", "en", SOURCE, models=True))
    for name, data in made.items():
        if name.startswith("docs/api/"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            assert f"api/{path.name}" in made["mkdocs.yml"].decode()
    theirs = {module for module, _ in api_modules(tmp_path / "docs")}
    assert theirs == {module for module, _ in api_modules(root / "docs")}
    assert b"[wiki,models] @" in made["requirements.txt"]


def test_what_is_installed_is_pinned_to_what_is_here(root: Path) -> None:
    ours = (root / "constraints.txt").read_text("utf-8").lower().splitlines()
    theirs = kept_files(SETTINGS)["constraints.txt"].decode().splitlines()
    pins = [line for line in theirs if not line.startswith("#")]
    assert "mkdocs==1.6.1" in pins
    assert not [pin for pin in pins if pin.startswith(("torch", "numpy"))]
    # A name may be spelled with either stroke.
    assert set(pins) <= {line.replace("_", "-") for line in ours}
