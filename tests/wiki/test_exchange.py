"""Never half a site: whenever a build is killed, what stands there is whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studykit.wiki.exchange import PREFIX, clear_leftovers, put_in_place
from tests.wiki.support import Project, files

FILES = 60

# Makes one new site after the other, each of one number alone, as the build does.
BUILDER = f"""
import os, sys, tempfile
from pathlib import Path
from studykit.wiki.exchange import PREFIX, clear_leftovers, put_in_place
target = Path(sys.argv[1])
number = 0
print("ready", flush=True)
while True:
    number += 1
    clear_leftovers(target)
    staging = Path(tempfile.mkdtemp(prefix=f"{{PREFIX}}{{os.getpid()}}-", dir=target.parent))
    new = staging / "new"
    new.mkdir()
    for each in range({FILES}):
        (new / f"{{each}}.html").write_text(str(number))
    put_in_place(new, target)
    import shutil; shutil.rmtree(staging)
"""


@pytest.mark.parametrize("kills", [10, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="exchanges in one step")
def test_a_kill_leaves_a_whole_site(tmp_path: Path, root: Path, kills: int) -> None:
    target = tmp_path / "site"
    target.mkdir()
    for each in range(FILES):
        (target / f"{each}.html").write_text("0", "utf-8")
    chance = random.Random(7)
    seen = set()
    for _ in range(kills):
        builder = subprocess.Popen(
            [sys.executable, "-c", BUILDER, str(target)],
            env={**os.environ, "PYTHONPATH": str(root)},
            stdout=subprocess.PIPE,
        )
        assert builder.stdout is not None
        builder.stdout.readline()
        time.sleep(chance.random() / 4)
        builder.send_signal(signal.SIGKILL)
        builder.communicate()
        site = files(target)
        assert len(site) == FILES
        assert len(set(site.values())) == 1
        seen.add(next(iter(site.values())))
        clear_leftovers(target)
        assert [path.name for path in tmp_path.iterdir()] == ["site"]
    assert len(seen) > 1


# Builds one and the same project again and again, each time with the other of two notes, and is
# killed in the middle of it. Forked, so that only the first one has to load MkDocs.
KILLER = """
import os, random, signal, sys, time
from pathlib import Path
from studykit.wiki.build import build_site

project, kills = Path(sys.argv[1]), int(sys.argv[2])
note, site = project / "meetings/week-02.txt", project / "site"
notes = [note.read_bytes(), note.read_bytes() + "\\n결정: 안개를 그린다\\n".encode()]

def snapshot():
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in site.rglob("*") if path.is_file()
    }

def build(which):
    note.write_bytes(notes[which])
    child = os.fork()
    if not child:
        build_site(project / "mkdocs.yml")
        os._exit(0)
    return child

whole, seconds = [], 0.0
for which in (0, 1):
    began = time.monotonic()
    assert os.waitpid(build(which), 0)[1] == 0
    seconds = max(seconds, time.monotonic() - began)
    whole.append(snapshot())
assert whole[0] != whole[1]
chance = random.Random(7)
killed, seen = 0, set()
for each in range(kills):
    child = build(each % 2)
    time.sleep(chance.random() * 1.2 * seconds)
    os.kill(child, signal.SIGKILL)
    killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    there = snapshot()
    assert there in whole, f"kill {each}: {len(there)} files"
    seen.add(whole.index(there))
os.waitpid(build(0), 0)
left = sorted(path.name for path in project.iterdir())
print(killed, len(seen), *left)
"""


@pytest.mark.parametrize("kills", [4, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="exchanges in one step")
def test_a_build_that_is_killed_leaves_a_whole_site(
    project: Project, root: Path, kills: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLER, project.folder, str(kills)],
        env={**os.environ, "PYTHONPATH": str(root), "SOURCE_DATE_EPOCH": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    killed, seen, *left = done.stdout.split()
    # Some were killed in the middle, of many at least one was finished before.
    assert int(killed) > 0
    assert kills < 10 or (int(killed) > kills / 2 and seen == "2")
    assert left == ["docs", "meetings", "mkdocs.yml", "node_modules", "site"]


def test_without_an_exchange_the_old_site_comes_back(tmp_path: Path) -> None:
    # What a kill between the two renames leaves.
    (tmp_path / f"{PREFIX}999999999-x" / "old").mkdir(parents=True)
    (tmp_path / f"{PREFIX}999999999-x" / "old" / "index.html").write_text("안개", "utf-8")
    (tmp_path / f"{PREFIX}{os.getpid()}-y" / "new").mkdir(parents=True)
    clear_leftovers(tmp_path / "site")
    assert files(tmp_path / "site") == {"index.html": "안개".encode()}
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{PREFIX}{os.getpid()}-y", "site"]


@pytest.mark.parametrize("there", [True, False])
def test_the_new_one_is_in_place(tmp_path: Path, there: bool) -> None:
    new, target = tmp_path / "work" / "new", tmp_path / "site"
    new.mkdir(parents=True)
    (new / "a").write_text("new", "utf-8")
    if there:
        target.mkdir()
        (target / "b").write_text("old", "utf-8")
    put_in_place(new, target)
    assert files(target) == {"a": b"new"}
