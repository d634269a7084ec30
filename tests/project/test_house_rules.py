"""What guides and guards contributions: templates, owners, updates, checks before a commit."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from studykit.cli import main


@pytest.mark.parametrize("name", ["question", "correction", "term"])
def test_an_issue_form_asks_in_both_languages(root: Path, name: str) -> None:
    form = yaml.safe_load((root / f".github/ISSUE_TEMPLATE/{name}.yml").read_text("utf-8"))
    assert {"name", "description", "body"} <= set(form)
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids)
    for field in form["body"]:
        assert re.search(r"[가-힣].*\([A-Z][a-z ,]+", field["attributes"]["label"])
    assert any(field.get("validations", {}).get("required") for field in form["body"])


def test_owners_are_asked_for_what_is_there(root: Path) -> None:
    lines = (root / ".github/CODEOWNERS").read_text("utf-8").splitlines()
    paths = [line.split()[0] for line in lines if line and not line.startswith("#")]
    optional = {"/meetings/people.toml"}
    assert {"/.github/", "/mkdocs.yml", "/Makefile", "/.ci/"} <= set(paths)
    for path in set(paths) - optional:
        assert (root / path.strip("/")).exists(), path


def test_updates_wait_before_they_are_taken(root: Path, tmp_path: Path) -> None:
    text = (root / ".github/dependabot.yml").read_text("utf-8")
    for update in yaml.safe_load(text)["updates"]:
        assert update["cooldown"]["default-days"] >= 7
    assert zizmor(text, tmp_path / "as-it-is") == ""
    hasty = re.sub(r"    cooldown: .*\n", "", text)
    assert "cooldown" in zizmor(hasty, tmp_path / "hasty")


def zizmor(dependabot: str, folder: Path) -> str:
    file = folder / ".github/dependabot.yml"
    file.parent.mkdir(parents=True)
    file.write_text(dependabot, "utf-8")
    program = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [program, "--offline", "--no-config", "--persona=auditor", "--format=plain", file],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_what_runs_before_a_commit_exists(root: Path) -> None:
    config = yaml.safe_load((root / ".pre-commit-config.yaml").read_text("utf-8"))
    (repo,) = config["repos"]
    assert repo["repo"] == "local"
    for hook in repo["hooks"]:
        python, dash_m, module, *_ = hook["entry"].split()
        assert (python, dash_m) == ("python", "-m")
        done = subprocess.run([sys.executable, "-m", module, "--version"], check=False)
        assert done.returncode == 0
        assert hook["language"] == "system"


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "CONTRIBUTING.ko.md"])
def test_contributing_is_a_screen_and_its_commands_are_there(root: Path, name: str) -> None:
    text = (root / name).read_text("utf-8")
    # A screen, without the log that is folded.
    assert len(re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL).splitlines()) <= 40
    block = text.split("```bash\n")[1].split("```")[0].splitlines()
    assert len(block) <= 10
    commands = re.findall(r"-m studykit ([a-z ]+?)(?= ddpm| docs|  |\n)", "\n".join(block))
    assert len(commands) == 3
    for command in commands:
        done = CliRunner().invoke(main, [*command.split(), "--help"])
        assert done.exit_code == 0, command
    for linked in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (root / linked).exists() or linked == "SECURITY.md", linked
