"""The files of a new wiki, from the templates in `project/`.

Configuration, workflow and pins are studykit's: `studykit upgrade` brings their newer versions.
Notes, terms and the files beside the notes are the group's from the first day on.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from studykit.wiki.agenda import note_text
from studykit.wiki.beginning.origin import DISTRIBUTION, repository_of
from studykit.wiki.beginning.skeletons import environment
from studykit.wiki.chrome import load_chrome
from studykit.wiki.link import link_notes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["FIRST_NOTE", "Settings", "first_files", "kept_files"]

FIRST_NOTE = "week-01.txt"
"""The note that a template begins, where the group has none yet."""

_UNKNOWN = "git+https://github.com/OWNER/REPOSITORY"
_MARK = re.compile(r"([\\`*_{}\[\]<>#$|~!&])")

# What GitHub asks who opens an issue or a pull request; `studykit import-issue` reads the answers.
_FORMS = (
    "PULL_REQUEST_TEMPLATE.md",
    *(f"ISSUE_TEMPLATE/{form}.yml" for form in ("config", "correction", "question", "term")),
)

# The modules of the models below `studykit`, by the page that shows them.
_API: Mapping[str, str] = {
    "autoencoders": "autoencoders.vae autoencoders.recipes",
    "diffusion": "diffusion.schedules diffusion.ddpm diffusion.bounds diffusion.sdes "
    "diffusion.model diffusion.objectives diffusion.recipes diffusion.compare",
    "sampling": "diffusion.samplers.run diffusion.samplers.grid diffusion.samplers.ancestral "
    "diffusion.samplers.predictor_corrector diffusion.samplers.ddim diffusion.samplers.heun "
    "diffusion.samplers.dpm_solver diffusion.samplers.ode diffusion.likelihood "
    "diffusion.guidance diffusion.inverse",
    "networks": "networks.unet networks.ncsnpp networks.mlp networks.layers",
    "training": "noise training.trainer training.ema training.checkpoints training.config",
    "datasets": "datasets.register datasets.digits datasets.fashion_mnist datasets.toys "
    "datasets.mixtures",
    "evaluation": "evaluation.frechet evaluation.precision_recall evaluation.report "
    "evaluation.classifier evaluation.recognition evaluation.digits evaluation.grids "
    "evaluation.points",
    "pretrained": "pretrained.loading pretrained.published",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a group chose for its wiki.

    `source` is what pip installs studykit from, `git+https://…@commit`; empty where unknown.
    `models` is whether the models and their API pages are wanted.
    """

    name: str
    language: str
    source: str
    models: bool = False

    @property
    def extras(self) -> tuple[str, ...]:
        """What of studykit pip installs."""
        return ("wiki", "models") if self.models else ("wiki",)

    def from_source(self, source: str) -> Settings:
        """The same with another source."""
        return replace(self, source=source)


def kept_files(settings: Settings) -> dict[str, bytes]:
    """The files that later versions bring anew, by their paths in the project."""
    language = settings.language
    files = {
        "mkdocs.yml": "mkdocs.yml.jinja",
        "requirements.txt": "requirements.txt.jinja",
        "README.md": f"README.{language}.md.jinja",
        "package.json": "package.json",
        "package-lock.json": "package-lock.json",
        ".gitignore": "gitignore",
        ".gitattributes": "gitattributes",
        ".github/workflows/pages.yml": "pages.yml",
        **{f".github/{name}": f"github.{language}/{name}" for name in _FORMS},
    }
    if settings.models:
        files["docs/api/index.md"] = "api-index.md.jinja"
    made = {path: _filled(template, settings) for path, template in files.items()}
    made["constraints.txt"] = _constraints(settings)
    for page, modules in _API.items() if settings.models else ():
        names = [f"studykit.{module}" for module in modules.split()]
        made[f"docs/api/{page}.md"] = _filled("api.md.jinja", settings, page=page, modules=names)
    return dict(sorted(made.items()))


def first_files(settings: Settings) -> dict[str, bytes]:
    """The files that belong to the group at once; the first note is one of them."""
    files = {
        f"{folder}/{name}": _filled(f"{name}.jinja", settings)
        for folder, name in (
            ("docs", "terms.toml"),
            ("meetings", "lexicon.toml"),
            ("meetings", "people.toml"),
        )
    }
    note = note_text(link_notes(()), load_chrome(settings.language), 1, None)
    return {**files, f"meetings/{FIRST_NOTE}": note.encode()}


def _filled(template: str, settings: Settings, **more: object) -> bytes:
    folder = resources.files("studykit.wiki.beginning").joinpath("project")
    text = folder.joinpath(template).read_text("utf-8")
    if not template.endswith(".jinja"):
        return text.encode()
    jinja = environment()
    jinja.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    jinja.filters["heading"] = lambda value: _MARK.sub(r"\\\1", value)
    return (
        jinja.from_string(text)
        .render(
            name=settings.name,
            language=settings.language,
            korean=settings.language == "ko",
            source=settings.source,
            models=settings.models,
            extras=",".join(settings.extras),
            repository=repository_of(settings.source) or _UNKNOWN,
            api=list(_API),
            **more,
        )
        .encode()
    )


def _constraints(settings: Settings) -> bytes:
    """Every distribution that the wiki needs, at the version that is installed here."""
    versions = dict(_installed(settings.extras))
    lines = [
        "# The versions with which this wiki was made; `studykit upgrade` writes them anew.",
        *(f"{name}=={version}" for name, version in sorted(versions.items())),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _installed(extras: Sequence[str]) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, frozenset[str]]] = set()
    todo = [Requirement(f"{DISTRIBUTION}[{','.join(extras)}]")]
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        if (name, frozenset(wanted.extras)) in seen:
            continue
        seen.add((name, frozenset(wanted.extras)))
        try:
            found = distribution(wanted.name)
        except PackageNotFoundError:  # an extra that was not installed: pip chooses its version
            continue
        if name != DISTRIBUTION:
            # What stands behind a plus is this machine's build: +cpu is not everywhere.
            yield name, found.version.partition("+")[0]
        for line in found.requires or ():
            needed = Requirement(line)
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in {"", *wanted.extras}
            ):
                todo.append(needed)
