"""`studykit serve`: a change in a note is soon on the page, and Ctrl-C ends it quietly."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator

import pytest

from tests.wiki.support import Project

LIMIT = 120
"""Seconds, for a machine that has much else to do; a rebuild takes one or two."""


posix = pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal only there")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running `studykit serve` and what it has printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.printed: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self._lines.put(line)

    def wait_for(self, pattern: str) -> str:
        end = time.monotonic() + LIMIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                line = self._lines.get(timeout=1)
            except queue.Empty:
                continue
            self.printed.append(line)
            if match := re.search(pattern, line):
                return match[1]
        raise AssertionError(f"no {pattern} in\n{''.join(self.printed)}")

    def end(self) -> str:
        self.process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(LIMIT)
        assert self.process.returncode is not None, "Ctrl-C does not end it"
        self._reader.join(LIMIT)
        while not self._lines.empty():
            self.printed.append(self._lines.get())
        return "".join(self.printed)


@pytest.fixture
def server(project: Project) -> Iterator[Server]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "studykit", "serve", "--port", str(port)],
        cwd=project.folder,
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"},
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    running = Server(process)
    yield running
    if process.poll() is None:
        process.kill()
        process.wait()
    assert process.stderr
    running._reader.join(LIMIT)
    process.stderr.close()


def shown(address: str) -> str:
    with urllib.request.urlopen(address, timeout=LIMIT) as response:
        return str(response.read().decode())


@posix
def test_a_change_in_a_note_is_soon_on_the_page(project: Project, server: Server) -> None:
    before = {path for path in project.snapshot() if not path.startswith("meetings/")}
    address = server.wait_for(r"(http://127\.0\.0\.1:\d+/\S*)").rstrip(".")
    page = f"{address}meetings/w02/"
    assert "울타리 안의 말" in shown(page)
    assert "처음 듣는 말" not in shown(page)

    note = project.folder / "meetings/week-02.txt"
    note.write_bytes(note.read_bytes() + "\n라온님 - 처음 듣는 말\n".encode())
    end = time.monotonic() + LIMIT
    while "처음 듣는 말" not in shown(page):
        assert time.monotonic() < end, "".join(server.printed)
        time.sleep(0.2)

    printed = server.end()
    assert "Traceback" not in printed
    assert server.process.returncode == 0
    # The preview is built elsewhere.
    after = {path for path in project.snapshot() if not path.startswith("meetings/")}
    assert after == before


def test_a_port_that_is_taken(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = project.run("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"cannot serve on 127.0.0.1:{port}" in done.stderr
    assert f"mend: choose another port, e.g. `studykit serve --port {port + 1}`" in done.stderr
    assert "Traceback" not in done.stderr


DEAF = """
import pathlib, time
from studykit.wiki import build

def deaf(*_, **__):
    ready = False
    while True:
        try:  # all of it: the interrupt may come as soon as this has said that it is ready
            if not ready:
                ready = True
                print("ready", flush=True)
            time.sleep(600)
        except KeyboardInterrupt:
            pass

build.serve, build.PATIENCE = deaf, 0.5
build.serve_site(pathlib.Path("mkdocs.yml"), "127.0.0.1", PORT)
"""


@posix
def test_ctrl_c_ends_it_though_the_engine_loses_it(project: Project) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", DEAF.replace("PORT", str(port))],
        cwd=project.folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGINT)
            assert process.wait(LIMIT) == 0
        finally:
            process.kill()
