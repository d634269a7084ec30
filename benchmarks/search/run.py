"""How well the site's search finds what Korean readers type, against others on the same pages.

    npm install --prefix /tmp/pagefind pagefind@1.6.0
    .venv/bin/python benchmarks/search/run.py --pagefind /tmp/pagefind/node_modules/.bin/pagefind

The pages are those of an invented archive, whose notes are known to be about something
(archive.py), and of this project's own wiki, where an API symbol and a term have a page. A query
asks for one of these. Recall@5 is the part of the pages that should be found (five of them at
most) that the first five results have; MRR is one over the place of the first of them. Half of
the queries, by concept, are held out: nothing was chosen by looking at them.

Ours and Material's run as their workers do in Chromium, Pagefind as its module. The time is that of
an answer once everything is loaded, a query's own fragments included; the size is what was fetched
for a first query, compressed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
ROUNDS = 5
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]

from archive import CONCEPTS, write_archive  # noqa: E402

from studykit.wiki import plugin  # noqa: E402
from studykit.wiki.build import build_site  # noqa: E402
from studykit.wiki.export import export_site  # noqa: E402

ASK = """
async ({ url, message, queries }) => {
  const worker = new Worker(url);
  const ask = (data) => new Promise((resolve) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.postMessage(data);
  });
  await ask(message);
  const answers = [];
  for (const query of queries) {
    const start = performance.now();
    const { data } = await ask({ type: 2, data: query });
    const time = performance.now() - start;
    answers.push({ time, found: data.items.map((item) => item[0].location.split("#")[0]) });
  }
  return answers;
}
"""
PAGEFIND = """
async ({ url, queries }) => {
  const pagefind = await import(url);
  await pagefind.init();
  const answers = [];
  for (const query of queries) {
    const start = performance.now();
    const { results } = await pagefind.search(query);
    const first = await Promise.all(results.slice(0, 10).map((result) => result.data()));
    answers.push({ time: performance.now() - start, found: first.map((each) => each.url) });
  }
  return answers;
}
"""
ZENSICAL = """
async ({ url, index, queries }) => {
  const loaded = await (await fetch(index)).json();
  const worker = new Worker(url);
  const ask = (data) => new Promise((resolve, reject) => {
    worker.onmessage = (event) => event.data.type === 4 ? reject("fails") : resolve(event.data);
    worker.postMessage(data);
  });
  await ask({ type: 0, data: loaded });
  const filter = {
    input: { type: "operator", data: { operator: "and", operands: [] } },
    aggregation: { input: [{ type: "term", data: { field: "tags" } }] },
  };
  const answers = [];
  for (const input of queries) {
    const start = performance.now();
    const { data } = await ask({ type: 2, data: { input, filter } });
    const time = performance.now() - start;
    answers.push({ time, found: data.items.map(({ id }) => loaded.items[id].location) });
  }
  return answers;
}
"""
TYPED = """
async ({ queries }) => {
  const input = document.querySelector("[data-md-component=search-query]");
  const list = document.querySelector(".md-search-result__list");
  const type = (text) => {
    input.value = text;
    input.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
  };
  const until = (test) => new Promise((resolve) => {
    const check = () => test() && (observer.disconnect(), clearTimeout(late), resolve(true));
    const observer = new MutationObserver(check);
    const late = setTimeout(() => (observer.disconnect(), resolve(false)), 3000);
    observer.observe(list, { childList: true });
    check();
  });
  const times = [];
  for (const query of queries) {
    type("");
    await until(() => list.children.length === 0);
    const start = performance.now();
    type(query);
    times.push((await until(() => list.children.length > 0)) ? performance.now() - start : null);
  }
  return times;
}
"""


@dataclass(frozen=True)
class Query:
    words: str
    kind: str
    relevant: frozenset[str]
    held_out: bool


def invented_queries(site: Path, about: dict[str, set[str]]) -> Iterator[Query]:
    names = json.loads((site / "assets/studykit/terms.json").read_text("utf-8"))
    said: defaultdict[str, str] = defaultdict(str)
    for entry in json.loads((site / "material/search_index.json").read_text("utf-8"))["docs"]:
        page, _, section = entry["location"].partition("#")
        if not (page.startswith("terms/") and section):  # it repeats what other pages say
            said[page] += squeezed(f"{entry['title']} {entry['text']} ")
    for concept in CONCEPTS:
        relevant = {f"meetings/{meeting}/" for meeting in about[concept.id]}
        stems = concept.stems or names[concept.id]["names"]
        # The pages that come with the terms say some of it as well.
        relevant |= {
            page
            for page, text in said.items()
            if not page.startswith("meetings/w") and any(squeezed(stem) in text for stem in stems)
        }
        for kind, words in concept.queries:
            if relevant:
                yield Query(words, kind, frozenset(relevant), _held_out(concept.id))


def project_queries(site: Path) -> Iterator[Query]:
    """Symbols of the API and terms, each of which has a place of its own."""
    collected = json.loads((site / "material/search_index.json").read_text("utf-8"))
    places: defaultdict[str, set[str]] = defaultdict(set)
    for entry in collected["docs"]:
        location = entry["location"]
        if location.startswith("api/") and "#studykit." in location:
            places[location.rpartition(".")[2]].add(location.partition("#")[0])
    symbols = [name for name in sorted(places) if len(name) > 7 and name.islower()]
    for name in symbols[:: max(1, len(symbols) // 40)]:
        relevant = frozenset(places[name])
        yield Query(name, "symbol", relevant, _held_out(name))
        wrong = name[:3] + name[4] + name[3] + name[5:]
        if wrong != name and wrong not in places:
            yield Query(wrong, "symbol typo", relevant, _held_out(name))
    names = json.loads((site / "assets/studykit/terms.json").read_text("utf-8"))
    for term in sorted(names)[::3]:
        spoken = names[term]["names"][-1]
        yield Query(spoken, "term", frozenset({f"terms/{term}/"}), _held_out(term))


def squeezed(text: str) -> str:
    return re.sub(r"<[^<>]*>|[\s-]", "", text).lower()


def _held_out(name: str) -> bool:
    return zlib.crc32(name.encode()) % 2 == 1


# --- sites ----------------------------------------------------------------------------------------


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def make_project(folder: Path) -> None:
    """A project with this one's terms, whose notes are still to be written."""
    (folder / "docs").mkdir(parents=True)
    terms = (ROOT / "docs/terms.toml").read_text("utf-8")
    # Without the code that they name.
    terms = re.sub(r"^api = \[.*?\]\n", "", terms, flags=re.MULTILINE | re.DOTALL)
    (folder / "docs/terms.toml").write_text(terms, "utf-8")
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    sections = ("meetings", "questions", "talks", "tasks", "links", "people", "catch-up", "terms")
    nav = "".join(f"  - {section}/index.md\n" for section in sections)
    inherit = f"INHERIT: {ROOT / 'mkdocs.yml'}\n"
    plugins = "plugins:\n  - search\n  - studykit\n"
    text = f"{inherit}docs_dir: docs\nnav:\n  - index.md\n{nav}{plugins}"
    (folder / "mkdocs.yml").write_text(text, "utf-8")


def build(config: Path, target: Path) -> Path:
    """The site with our search, and what Material's own would load in `material/`."""
    write = plugin.write_search

    def write_both(site: Path, *rest: Any) -> None:
        (site / "material").mkdir()
        shutil.copy(site / "search/search_index.json", site / "material")
        write(site, *rest)

    plugin.write_search = write_both
    try:
        build_site(config, target)
    finally:
        plugin.write_search = write
    return target


def with_zensical(config: Path, folder: Path) -> Path:
    """The same pages as Zensical builds them."""
    export_site(config, folder)
    command = [Path(sys.executable).with_name("zensical"), "build", "-f", folder / "mkdocs.yml"]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "site"


# --- engines --------------------------------------------------------------------------------------

Sites = dict[str, Path]
Answers = list[dict[str, Any]]


def ours(page: Page, url: str, site: Path, queries: list[str]) -> Answers:
    worker = f"{url}assets/studykit/search_worker.js"
    return _asked(page, worker, site / "search/search_index.json", queries)


def material(page: Page, url: str, site: Path, queries: list[str]) -> Answers:
    (worker,) = site.glob("assets/javascripts/workers/search.*.js")
    worker_url = f"{url}{worker.relative_to(site).as_posix()}"
    return _asked(page, worker_url, site / "material/search_index.json", queries)


def _asked(page: Page, worker: str, manifest: Path, queries: list[str]) -> Answers:
    loaded = json.loads(manifest.read_text("utf-8"))
    message = {"type": 0, "data": {**loaded, "options": {"suggest": False}}}
    return page.evaluate(ASK, {"url": worker, "message": message, "queries": queries})


def pagefind(page: Page, url: str, _site: Path, queries: list[str]) -> Answers:
    return page.evaluate(PAGEFIND, {"url": f"{url}pagefind/pagefind.js", "queries": queries})


def zensical(page: Page, url: str, site: Path, queries: list[str]) -> Answers:
    """Its worker, asked as its page asks."""
    (worker,) = site.glob("assets/javascripts/workers/search.*.js")
    worker_url = f"{url}{worker.relative_to(site).as_posix()}"
    return page.evaluate(
        ZENSICAL, {"url": worker_url, "index": f"{url}search.json", "queries": queries}
    )


ENGINES = {"ours": ours, "material": material, "pagefind": pagefind, "zensical": zensical}


# --- measuring ------------------------------------------------------------------------------------


def measured(queries: list[Query], answers: Answers) -> dict[str, tuple[float, float, int]]:
    """Recall@5, MRR and how many, by kind, and of all and the held-out ones."""
    found: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for query, answer in zip(queries, answers, strict=True):
        pages = list(dict.fromkeys(each.lstrip("/").partition("#")[0] for each in answer["found"]))
        hits = [at for at, page in enumerate(pages, 1) if page in query.relevant]
        recall = sum(at <= 5 for at in hits) / min(5, len(query.relevant))
        rank = 1 / hits[0] if hits else 0.0
        for group in ("all", query.kind, *(["held out"] if query.held_out else [])):
            found[group].append((recall, rank))
    return {
        group: (
            statistics.mean(each[0] for each in values),
            statistics.mean(each[1] for each in values),
            len(values),
        )
        for group, values in found.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--weeks", type=int, default=200)
    parser.add_argument("--pagefind", type=Path)
    parser.add_argument("--zensical", action="store_true", help="Zensical's own search as well")
    parser.add_argument("--keep", type=Path, help="build into this folder, or take what is there")
    parser.add_argument("--misses", action="store_true", help="what ours misses, held out left out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        base = chosen.keep or Path(made)
        cases = list(prepared(base, chosen))
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        engines = ["ours", "material", *(["pagefind"] if chosen.pagefind else [])]
        for engine in [*engines, *(["zensical"] if chosen.zensical else [])]:
            run(engine, cases, browser, chosen)
        typed(cases, browser)


def prepared(base: Path, chosen: argparse.Namespace) -> Iterator[tuple[Sites, list[Query]]]:
    """The sites of both projects, and what is asked of them."""
    invented = base / "invented"
    if not invented.exists():
        make_project(invented)
    about = write_archive(invented / "meetings", chosen.weeks)
    for name, config in (("invented", invented / "mkdocs.yml"), ("project", ROOT / "mkdocs.yml")):
        sites = {"ours": base / f"{name}-site", "zensical": base / f"{name}-zensical/site"}
        if not sites["ours"].exists():
            build(config, sites["ours"])
        if chosen.zensical and not sites["zensical"].exists():
            with_zensical(config, base / f"{name}-zensical")
        if chosen.pagefind and not (sites["ours"] / "pagefind").exists():
            command = [chosen.pagefind, "--site", sites["ours"], "--silent"]
            subprocess.run(command, check=True, capture_output=True)
        asked = (
            invented_queries(sites["ours"], about)
            if name == "invented"
            else project_queries(sites["ours"])
        )
        yield sites, list(as_typed(asked))


def as_typed(queries: Iterable[Query]) -> Iterator[Query]:
    """The queries; what is typed alike asks for the same: ㄱㅇㄱ is 기울기 and 고윳값."""
    listed = list(queries)
    relevant: defaultdict[str, set[str]] = defaultdict(set)
    for query in listed:
        relevant[query.words] |= query.relevant
    for query in listed:
        yield replace(query, relevant=frozenset(relevant[query.words]))


def run(engine: str, cases: list[Any], browser: Any, chosen: argparse.Namespace) -> None:
    queries: list[Query] = []
    answers: Answers = []
    load = 0.0
    for sites, asked in cases:
        site = sites["zensical" if engine == "zensical" else "ours"]

        def ask(texts: list[str], url: str, site: Path = site) -> Answers:
            page = browser.new_context().new_page()
            page.goto(url)
            try:
                return ENGINES[engine](page, url, site, texts)
            finally:
                page.context.close()

        load = load or loaded(site, engine, ask)
        with served(site) as url:
            answers += ask([query.words for query in asked], url)
        queries += asked
    figures = measured(queries, answers)
    print(f"\n{engine}: first query {load:.0f} kB, {spread([each['time'] for each in answers])}")
    print("| queries | n | recall@5 | MRR |\n| --- | --- | --- | --- |")
    for group, (recall, rank, count) in figures.items():
        print(f"| {group} | {count} | {recall:.3f} | {rank:.3f} |", flush=True)
    if chosen.misses and engine == "ours":
        for query, answer in zip(queries, answers, strict=True):
            pages = list(dict.fromkeys(each.partition("#")[0] for each in answer["found"]))
            hits = set(pages[:5]) & query.relevant
            if not query.held_out and len(hits) < min(5, len(query.relevant)):
                print("MISS", query.kind, query.words, sorted(query.relevant)[:3], pages[:5])


def spread(times: list[float]) -> str:
    times = sorted(times)
    p95 = times[round(0.95 * (len(times) - 1))]
    return f"median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms"


def typed(cases: list[Any], browser: Any) -> None:
    """How long it takes from a key in the search box to a result in the page, ours.

    All that a query needs has been loaded by an earlier round. Other programs on the machine make
    a round slower: the fastest of several is nearest to what an idle one would give.
    """
    every, fastest, asked_for = [], [], 0
    for sites, asked in cases:
        with served(sites["ours"]) as url:
            page = browser.new_context().new_page()
            page.goto(url)
            page.locator("[data-md-component=search-query]").click()
            page.wait_for_timeout(1000)
            queries = {"queries": [query.words for query in asked]}
            page.evaluate(TYPED, queries)
            rounds = [page.evaluate(TYPED, queries) for _ in range(ROUNDS)]
            page.context.close()
        every += [time for times in rounds for time in times if time]
        fastest += [min(filter(None, times)) for times in zip(*rounds, strict=True) if any(times)]
        asked_for += len(asked)
    print(f"\nin the box: {len(fastest)} of {asked_for} queries have a result")
    print(f"each of {ROUNDS} rounds: {spread(every)}; the fastest of them: {spread(fastest)}")


def loaded(site: Path, engine: str, ask: Callable[..., Answers]) -> float:
    """What a first query fetches, the index that the page has loaded before included."""
    sizes: dict[str, int] = {}

    class Counting(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def translate_path(self, path: str) -> str:
            file = super().translate_path(path)
            part = path.partition("?")[0]
            if re.search(r"/search/|/pagefind/|worker|/search\.json", part):
                sizes[part] = len(gzip.compress(Path(file).read_bytes())) / 1000
            return file

    handler = partial(Counting, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        ask(["손실을"], url=f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
    # What the site's page itself loads of our search is no part of another one's.
    sizes.pop("/search/search_index.json", None)
    index = {"ours": "search/search_index.json", "material": "material/search_index.json"}
    fixed = [site / index[engine]] if engine in index else []
    return sum(sizes.values()) + sum(len(gzip.compress(each.read_bytes())) / 1000 for each in fixed)


if __name__ == "__main__":
    main()
