"""The wiki's page that explains every code of `studykit check`."""

from __future__ import annotations

from importlib import resources

from studykit.wiki.check.codes import CODES, Code, Severity
from studykit.wiki.chrome import Chrome
from studykit.wiki.pages import Page

__all__ = ["CHECKS_PATH", "checks_page"]

CHECKS_PATH = "checks.md"

_SEVERITIES: dict[Severity, str] = {
    "error": "severity_error",
    "warning": "severity_warning",
    "notice": "severity_notice",
}


def checks_page(t: Chrome) -> Page:
    """Render the page: how to run the check, then a section for each code, named by the code.

    Args:
        t: The words of the site's language.
    """
    intro = resources.files("studykit.wiki.check").joinpath(f"intro.{t.language}.md")
    parts = [f"# {t('checks')}\n", intro.read_text("utf-8")]
    parts += (_section(code, t) for code in CODES.values())
    return Page(CHECKS_PATH, t("checks"), "\n".join(parts))


def _section(code: Code, t: Chrome) -> str:
    said = code.explained[t.language]
    lines = [
        f"## `{code.name}` {said.title} {{#{code.name}}}",
        "",
        f'<span class="sk-badge">{t(_SEVERITIES[code.severity])}</span> {said.why}',
        "",
        _shown(code.example),
    ]
    lines += [f"{t('check_mend')}: {said.mend}", ""]
    if code.mended is not None:
        lines.append(_shown(code.mended))
    return "\n".join(lines)


def _shown(example: str) -> str:
    """The example as it is typed; with tildes around it, since one has backquotes."""
    return f"~~~~text\n{example.strip()}\n~~~~\n"
