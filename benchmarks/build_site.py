"""How long studykit takes for a site of many notes, against the engine alone on the same pages.

    .venv/bin/python benchmarks/build_site.py --notes 1000 --runs 3

Both sides build the same pages with the same theme and Markdown extensions. studykit's side reads
the notes, links and renders them, and hands them to MkDocs; the other side is `mkdocs build` on
those pages as they come out of `studykit export`. The runs alternate, so that what else the machine
does falls on both; the goal is for processor time, which it distorts least: both sides are one
process with one thread.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from invented_notes import write_notes

ROOT = Path(__file__).parent.parent
GOAL = 1.5

PLUGINS = "plugins:\n  - search\n  - studykit\n"
NAV = ("", "meetings/", "questions/", "talks/", "tasks/", "links/", "people/", "notebooks/")


def make_project(folder: Path, notes: int) -> None:
    """The project's configuration, without the pages about code, and invented notes."""
    source = (ROOT / "mkdocs.yml").read_text("utf-8")
    head, tail = source[: source.index("nav:")], source[source.index("validation:") :]
    settings = tail[: tail.index("plugins:")]
    extensions = tail[tail.index("markdown_extensions:") :]
    nav = "nav:\n" + "".join(f"  - {section}index.md\n" for section in NAV)
    folder.mkdir()
    text = f"{head}\n{nav}\n{settings}\n{PLUGINS}\n{extensions}"
    (folder / "mkdocs.yml").write_text(text, "utf-8")
    (folder / "docs").mkdir()
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    write_notes(folder / "meetings", notes)


@dataclass(frozen=True)
class Seconds:
    """What a command took, start of Python included: by the clock, and of a processor's time."""

    clock: float
    cpu: float


def timed(folder: Path, *command: str) -> Seconds:
    shutil.rmtree(folder / "site", ignore_errors=True)
    # Without a date of its own, the engine alone would date pages by the clock.
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1900000000"}
    start, before = time.perf_counter(), os.times()
    subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=env, check=True, capture_output=True
    )
    after = os.times()
    user = after.children_user - before.children_user
    system = after.children_system - before.children_system
    return Seconds(time.perf_counter() - start, user + system)


def page_sizes(site: Path) -> dict[str, int]:
    return {path.relative_to(site).as_posix(): path.stat().st_size for path in site.rglob("*.html")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="studykit-benchmark-") as name:
        project, plain = Path(name, "project"), Path(name, "plain")
        make_project(project, arguments.notes)
        subprocess.run(
            [sys.executable, "-m", "studykit", "export", str(plain)], cwd=project, check=True
        )
        ours, theirs = [], []
        for number in range(1, arguments.runs + 1):
            theirs.append(timed(plain, "mkdocs", "build", "--quiet"))
            ours.append(timed(project, "studykit", "build"))
            print(
                f"run {number}: studykit {ours[-1].clock:.1f} s (cpu {ours[-1].cpu:.1f}), "
                f"mkdocs {theirs[-1].clock:.1f} s (cpu {theirs[-1].cpu:.1f})",
                flush=True,
            )
        sizes, plain_sizes = page_sizes(project / "site"), page_sizes(plain / "site")
        if sizes.keys() != plain_sizes.keys():
            print(f"The sites differ: {sorted(sizes.keys() ^ plain_sizes.keys())[:5]}")
            return 1
    pairs = list(zip(ours, theirs, strict=True))
    ratio = statistics.median(one.clock / other.clock for one, other in pairs)
    cpu_ratio = statistics.median(one.cpu / other.cpu for one, other in pairs)
    largest = max(sizes, key=sizes.__getitem__)
    middle = f"meetings/w{arguments.notes // 2 or 1:02}/index.html"
    print(f"machine         {os.cpu_count()} cores, {platform.machine()}, {platform.system()}")
    print(
        f"versions        Python {platform.python_version()}, mkdocs {version('mkdocs')}, "
        f"mkdocs-material {version('mkdocs-material')}"
    )
    print(f"notes, pages    {arguments.notes}, {len(sizes)}")
    for name, runs in (("studykit", ours), ("mkdocs alone", theirs)):
        clock, cpu = (statistics.median(getattr(r, k) for r in runs) for k in ("clock", "cpu"))
        print(f"{name:15} {clock:.1f} s, cpu {cpu:.1f} s (medians of {arguments.runs})")
    print(f"ratio           {ratio:.2f}, cpu {cpu_ratio:.2f} (goal: cpu at most {GOAL})")
    print(f"meeting page    {sizes[middle] / 1000:.1f} kB ({middle})")
    print(f"largest page    {sizes[largest] / 1000:.1f} kB ({largest})")
    return 0 if cpu_ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
