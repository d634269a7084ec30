"""A report as text: for a terminal, a program, GitHub's annotations, or a viewer of SARIF."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import PurePath
from urllib.parse import quote

from studykit.wiki.check.codes import CODES, SEVERITIES, Code
from studykit.wiki.check.finding import Finding, Report, visible
from studykit.workflow_commands import inert

__all__ = ["FORMATS", "changed_first", "step_summary", "summary"]

SCHEMA = 1

_SARIF_LEVELS = {"error": "error", "warning": "warning", "notice": "note"}


def summary(report: Report) -> str:
    """How much was found of what, in one sentence, and whether the check fails.

    Examples:
        >>> summary(Report(2, ()))
        '2 notes, nothing doubtful.'
        >>> summary(Report(0, (), pages=1))
        '1 page, nothing doubtful.'
    """
    counted = ((report.notes, "note"), (report.pages, "page"))
    seen = ", ".join(_count(*each) for each in counted if each[0]) or "0 notes"
    if not report.findings:
        return f"{seen}, nothing doubtful."
    codes = Counter(finding.code for finding in report.findings)
    parts = []
    for severity in SEVERITIES:
        found = {name: codes[name] for name, code in CODES.items() if code.severity == severity}
        if number := sum(found.values()):
            names = ", ".join(f"{name} {found[name]}" for name in found if found[name])
            parts.append(f"{_count(number, severity)} ({names})")
    passed = "" if report.failed else " Notices do not fail the check."
    return f"{seen}: {', '.join(parts)}.{passed}"


def changed_first(report: Report) -> list[Finding]:
    """The findings: on changed lines, then in changed files, then the others; the worst first."""
    files = {file for file, _ in report.changed}
    order = list(SEVERITIES)

    def place(found: Finding) -> tuple[bool, bool, int]:
        lines = range(found.line, found.end_line + 1)
        touched = any((found.file, line) in report.changed for line in lines)
        return not touched, found.file not in files, order.index(found.severity)

    return sorted(report.findings, key=place)


def step_summary(report: Report) -> str:
    r"""The report as Markdown for the summary of a step on GitHub: every finding with its mend.

    Examples:
        >>> print(step_summary(Report(2, ())), end="")
        ### studykit check
        <BLANKLINE>
        2 notes, nothing doubtful.
    """
    lines = ["### studykit check", "", _in_table(summary(report))]
    if report.findings:
        lines += ["", "| where | what | how to mend it |", "| --- | --- | --- |"]
    for found in changed_first(report)[:_SUMMARY_MOST]:
        where = f"{found.file}:{found.line}"
        what = f"{found.severity} {found.code}: {found.message}"
        lines.append(f"| {_in_table(where)} | {_in_table(what)} | {_in_table(found.mend)} |")
    left = len(report.findings) - _SUMMARY_MOST
    if left > 0:
        lines += ["", f"{left} more: `studykit check` lists them."]
    return "\n".join(lines) + "\n"


# GitHub takes a mebibyte for the summary of a step.
_SUMMARY_MOST = 500


def _in_table(text: str) -> str:
    """Text that is no markup in a cell of a table, and mentions nobody."""
    return "".join(f"&#{ord(c)};" if c in _MARKUP else c for c in visible(text))


_MARKUP = frozenset("\\`*_{}[]<>()#+!|~@&:")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _text(report: Report) -> str:
    """One line each: `file:line:col: code message (how to mend it)`."""
    return "".join(
        inert(
            f"{visible(found.file)}:{found.line}:{found.column}: "
            f"{found.code} {found.message} ({found.mend})\n"
        )
        for found in report.findings
    )


def _json(report: Report) -> str:
    """For programs; a field is never taken away or changed without a new `schema`."""
    findings = [{**asdict(found), "severity": found.severity} for found in report.findings]
    body = {
        "schema": SCHEMA,
        "notes": report.notes,
        "pages": report.pages,
        "failed": report.failed,
        "findings": findings,
    }
    # ASCII, so that no terminal's encoding and no undecodable file name can spoil it.
    return json.dumps(body, indent=2) + "\n"


def _github(report: Report) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request.

    It shows ten errors and ten warnings of a step, so what the change brought comes first.
    """
    lines = []
    for found in changed_first(report):
        properties: dict[str, object] = {
            "file": visible(found.file),
            "line": found.line,
            "endLine": found.end_line,
        }
        if found.line == found.end_line:  # Columns make sense to GitHub on one line only.
            properties |= {"col": found.column, "endColumn": found.end_column}
        properties["title"] = found.code
        shown = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
        lines.append(f"::{found.severity} {shown}::{_data(f'{found.message} ({found.mend})')}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(report: Report) -> str:
    """A log of the Static Analysis Results Interchange Format, 2.1.0."""
    names = list(CODES)
    driver = {
        "name": "studykit check",
        "version": version("studygroup-studykit"),
        "rules": [_rule(code) for code in CODES.values()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, names.index(found.code)) for found in report.findings],
    }
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
        "sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, indent=2) + "\n"


def _rule(code: Code) -> dict[str, object]:
    said = code.explained["en"]
    return {
        "id": code.name,
        "shortDescription": {"text": said.title},
        "fullDescription": {"text": said.why.replace("`", "'")},
        "help": {
            "text": f"{said.why}\n\n{said.mend}".replace("`", "'"),
            "markdown": f"{said.why}\n\n{said.mend}",
        },
        "defaultConfiguration": {"level": _SARIF_LEVELS[code.severity]},
    }


def _result(found: Finding, rule: int) -> dict[str, object]:
    region = {
        "startLine": found.line,
        "startColumn": found.column,
        "endLine": found.end_line,
        "endColumn": found.end_column,
    }
    place = {"artifactLocation": _artifact(found.file), "region": region}
    return {
        "ruleId": found.code,
        "ruleIndex": rule,
        "level": _SARIF_LEVELS[found.severity],
        "message": {"text": _inert(f"{found.message} ({found.mend})")},
        "locations": [{"physicalLocation": place}],
    }


def _inert(text: str) -> str:
    """Text whose braces are no placeholders to a viewer, and whose brackets are no link."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _artifact(file: str) -> dict[str, str]:
    path = PurePath(file)
    if path.is_absolute():
        return {"uri": path.as_uri()}
    return {"uri": quote(os.fsencode(file)), "uriBaseId": "%SRCROOT%"}


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
}
"""The formats by the name that `--format` gives them."""
