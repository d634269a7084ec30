"""What the `studykit` command says to a mistake: where it is and how to mend it, in a few lines."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from studykit.cli import main
from tests.wiki.projects import make_small_project
from tests.wiki.support import Project

COMMANDS = sorted(main.commands)


def fails(project: Project, *arguments: str, code: int = 1) -> str:
    """The message of a command that fails as a command should: nothing written, no traceback."""
    before = project.snapshot()
    done = project.run(*arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) < 12
    assert project.snapshot() == before
    assert sorted(path.name for path in project.folder.iterdir()) == [
        "docs",
        "meetings",
        "mkdocs.yml",
        "node_modules",
    ]
    return done.stderr


def changed(project: Project, before: str, after: str) -> None:
    path = project.folder / "mkdocs.yml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


@pytest.fixture(scope="module")
def shared(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project for commands that change nothing."""
    return make_small_project(root, tmp_path_factory.mktemp("shared") / "project")


# --- mistakes -------------------------------------------------------------------------------------


def test_reading_a_note_that_is_not_there(shared: Project) -> None:
    message = fails(shared, "read", "meetings/week-99.txt")
    assert "meetings/week-99.txt: " in message
    assert "mend: " in message


def test_reading_a_folder(shared: Project) -> None:
    assert "meetings" in fails(shared, "read", "meetings", code=2)


@pytest.mark.parametrize("command", [["build"], ["export", "out"], ["serve"]], ids=lambda c: c[0])
def test_no_configuration(shared: Project, command: list[str]) -> None:
    message = fails(shared, *command, "--config-file", "other.yml")
    assert "other.yml: " in message
    assert "mend: " in message


@pytest.mark.parametrize("command", [["build"], ["export", "out"]], ids=lambda c: c[0])
def test_no_folder_of_notes(project: Project, command: list[str]) -> None:
    shutil.rmtree(project.folder / "meetings")
    done = project.run(*command)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "meetings: there is no such folder of notes" in done.stderr
    assert "mend: " in done.stderr
    assert not (project.folder / "out").exists()
    assert not (project.folder / "site").exists()


def test_a_page_by_hand_where_one_is_generated(project: Project) -> None:
    page = project.folder / "docs/questions/w02-q1.md"
    page.parent.mkdir()
    page.write_text("# mine\n", "utf-8")
    note = project.folder / "meetings/week-02.txt"
    note.write_bytes(note.read_bytes() + "\n질문\n1. 왜?\n".encode())
    for command in (["build"], ["export", "out"]):
        message = fails(project, *command)
        assert "w02-q1.md: studykit generates this page itself" in message, command
        assert "mend: " in message


def test_addresses_without_folders(project: Project) -> None:
    changed(project, "site_name:", "use_directory_urls: false\nsite_name:")
    message = fails(project, "build")
    assert "mkdocs.yml: " in message
    assert "mend: remove `use_directory_urls: false`" in message


@pytest.mark.parametrize("command", [["build"], ["export", "out"]], ids=lambda c: c[0])
def test_a_language_without_words(project: Project, command: list[str]) -> None:
    changed(project, "language: ko", "language: fr")
    message = fails(project, *command)
    assert "mkdocs.yml: studykit has no words for theme.language: fr" in message
    assert "mend: set theme.language to one of ko, en" in message


@pytest.mark.parametrize("command", [["build"], ["export", "out"]], ids=lambda c: c[0])
def test_no_katex(project: Project, command: list[str]) -> None:
    katex = project.folder / "node_modules/katex"
    shutil.rmtree(katex)
    message = fails(project, *command)
    assert "katex: KaTeX, which shows the formulas, is not installed" in message
    assert "mend: run `npm ci" in message


def test_exporting_into_a_folder_that_holds_something(project: Project) -> None:
    message = fails(project, "export", "docs/..")
    assert "mend: name a new folder" in message


def test_a_broken_configuration(project: Project) -> None:
    changed(project, "site_name:", "site_nam\n  e: [")
    assert "mkdocs.yml" in fails(project, "build")


def test_an_unknown_option_of_the_plugin(project: Project) -> None:
    changed(project, "  - studykit\n", "  - studykit:\n      meeting_dir: meetings\n")
    assert "meeting_dir" in fails(project, "build")


# --- notes that are no mistake --------------------------------------------------------------------


def test_a_note_with_a_bad_byte_is_read_and_the_reader_told(tmp_path: Path) -> None:
    note = tmp_path / "week-01.txt"
    note.write_bytes("가람님 - 구름, 그리고 ".encode() + b"\xff")
    shown = CliRunner().invoke(main, ["read", str(note)])
    assert shown.exit_code == 0
    assert "Some bytes are no utf-8" in shown.output
    assert "To mend it, type their" in " ".join(shown.output.split())
    body = json.loads(CliRunner().invoke(main, ["read", "--json", str(note)]).output)
    assert [block["kind"] for block in body["blocks"]] == ["opinion"]
    assert body["encoding"] == "utf-8"


def test_a_note_in_cp949_is_read_as_such(tmp_path: Path) -> None:
    note = tmp_path / "week-01.txt"
    note.write_bytes("가람님 - 구름".encode("cp949"))
    body = json.loads(CliRunner().invoke(main, ["read", "--json", str(note)]).output)
    assert body["speakers"] == ["가람"]
    assert body["encoding"] == "cp949"


def test_a_note_cannot_disturb_the_terminal(tmp_path: Path) -> None:
    note = tmp_path / "week-01.txt"
    note.write_bytes("가람님 - \x1b[31m[bold]빨강[/bold]\x07\n[/x]\n".encode())
    shown = CliRunner().invoke(main, ["read", str(note)])
    assert shown.exit_code == 0
    assert "\x1b" not in shown.output
    assert "\x07" not in shown.output
    assert "[bold]빨강[/bold]" in shown.output
    assert "[/x]" in shown.output


# --- help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example(name: str) -> None:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0
    assert re.search(rf"\n  Examples?:\n    studykit {name} ?", done.output), done.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.opts


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(root: Path, name: str) -> None:
    assert f"studykit {name}" in (root / "README.md").read_text("utf-8")


def test_the_readme_names_no_other_command(root: Path) -> None:
    for readme in ("README.md", "README.ko.md"):
        text = (root / readme).read_text("utf-8")
        code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
        named = set(re.findall(r"(?:^|[`\n$/] ?)studykit ([a-z]+(?:-[a-z]+)*)\b", code))
        assert named <= set(COMMANDS), readme


def test_the_version() -> None:
    done = CliRunner().invoke(main, ["--version"])
    assert re.fullmatch(r"studykit, version \d+\.\d+\.\d+\n", done.output)
