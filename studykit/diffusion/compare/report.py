"""A report as a JSON file: each number with what it was measured from, so that none is twice."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from studykit.errors import ConfigError

__all__ = ["SCHEMA", "Report", "read_report"]

SCHEMA = 1
"""The version of the file's layout; a report of another version is measured anew."""


class Report:
    """Measures what the file does not hold yet, and writes it down at once.

    The file is a JSON object:

    | key | what |
    | --- | --- |
    | `schema` | `SCHEMA` |
    | `unfinished` | true as long as there is more to measure; else left out |
    | `data`, `metric`, `settings`, `runs` | the facts |
    | `measurements` | by name: `inputs`, all that the result depends on, and the `result` |
    | `timings` | the only part that differs between two runs: `machine`, and `seconds` by name |

    Args:
        file: The file; its folder is made.
        facts: What is known before anything is measured, plain data.

    Raises:
        ConfigError: If the file is no report, or cannot be written.

    Examples:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "report.json"
        >>> Report(file, data="digits").measure("two", {"one": 1}, lambda: {"sum": 1 + 1})
        {'sum': 2}
        >>> Report(file, data="digits").measure("two", {"one": 1}, lambda: {"sum": 3})
        {'sum': 2}
    """

    def __init__(self, file: Path, **facts: Any) -> None:
        self._file = file
        self._facts = facts
        self._known: dict[str, Any] = {}
        self._asked: dict[str, Any] = {}
        self._timings: dict[str, Any] = {"machine": {}, "seconds": {}}
        if file.exists():
            old = read_report(file)
            if (old["schema"], old.get("data")) == (SCHEMA, facts.get("data")):
                self._known, self._timings = old["measurements"], old["timings"]
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"cannot be made: {error.strerror}",
                file=str(file.parent),
                mend="give another folder as --out",
            ) from error

    def add_facts(self, **facts: Any) -> None:
        """Add what is known only now, though before anything is measured.

        Args:
            facts: Plain data.
        """
        self._facts |= facts

    def measure(
        self,
        name: str,
        inputs: Mapping[str, Any],
        function: Callable[[], dict[str, Any] | None],
        *,
        again: bool = False,
    ) -> Any:
        """Give a result: the one that the file holds, or a new one.

        Args:
            name: What is measured.
            inputs: All that the result depends on, plain data.
            function: Measures; `None` says that there is nothing to measure now.
            again: Whether to measure even if the result is known.

        Returns:
            The result as the file holds it, its numbers to six digits: the last ones of a sum
            depend on the number of threads.
        """
        known = self._known.get(name)
        if again or known is None or known["inputs"] != inputs or known["result"] is None:
            start = time.perf_counter()
            known = {"inputs": dict(inputs), "result": _rounded(function())}
            self._known[name] = known
            self.time(name, time.perf_counter() - start)
            self._timings["machine"] = _machine()
            self._write(self._known, unfinished=True)
        self._asked[name] = known
        return known["result"]

    def time(self, name: str, seconds: float) -> None:
        """Note how long something took.

        Args:
            name: What it was.
            seconds: How long.
        """
        self._timings["seconds"][name] = round(seconds, 2)

    def finish(self) -> dict[str, Any]:
        """Drop what was not asked for this time.

        Returns:
            What the file holds.
        """
        trained = {
            name.removesuffix("loss") + "training"
            for name, known in self._asked.items()
            if name.endswith("/loss") and known["result"] is not None
        }
        self._timings["seconds"] = {
            name: seconds
            for name, seconds in sorted(self._timings["seconds"].items())
            if name in self._asked or name in trained
        }
        return self._write(self._asked)

    def _write(self, measurements: dict[str, Any], *, unfinished: bool = False) -> dict[str, Any]:
        report = {
            "schema": SCHEMA,
            **({"unfinished": True} if unfinished else {}),
            **self._facts,
            "measurements": measurements,
            "timings": self._timings,
        }
        # Whole or not at all: it may be hours of work.
        part = self._file.with_name(f".{self._file.name}.part")
        part.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        part.replace(self._file)
        return report


def read_report(file: Path) -> dict[str, Any]:
    """Read what a `Report` wrote.

    Args:
        file: The file.

    Returns:
        The JSON object.

    Raises:
        ConfigError: If there is no such file, or it is no report.

    Examples:
        >>> read_report(Path("nowhere/report.json"))
        Traceback (most recent call last):
        ...
        studykit.errors.ConfigError: nowhere/report.json: no report: No such file or directory
          mend: let `studykit compare` write it anew
    """
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
        if not {"schema", "measurements", "timings"} <= report.keys():
            raise ValueError("its keys are others")  # noqa: TRY301  (told as the others are)
    except (OSError, ValueError, AttributeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(
            f"no report: {reason}", file=str(file), mend="let `studykit compare` write it anew"
        ) from error
    return dict(report)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


def _machine() -> dict[str, Any]:
    models = Path("/proc/cpuinfo")
    lines = models.read_text(encoding="utf-8").splitlines() if models.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "torch": torch.__version__,
    }
