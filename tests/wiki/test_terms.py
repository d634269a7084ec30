"""Terms: their file, what mentions one, links in HTML, pages, and what is proposed of others."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.cli import main
from studykit.errors import ConfigError
from studykit.wiki.check import check_paths
from studykit.wiki.chrome import load_chrome
from studykit.wiki.documents import find_documents
from studykit.wiki.group import Member, People
from studykit.wiki.link import link_notes, read_notes
from studykit.wiki.pages import Asset, Page
from studykit.wiki.privacy import Masks
from studykit.wiki.read import read_note
from studykit.wiki.render import Site, render_pages
from studykit.wiki.terms import Terms, link_terms, load_terms
from studykit.wiki.terms.code import find_code
from studykit.wiki.terms.sounds import letters, sound
from studykit.wiki.terms.suggest import Suggester
from studykit.wiki.terms.uses import find_pages, find_uses
from studykit.wiki.web import read_web
from tests.wiki.support import GoldenFiles, Project

KO = load_chrome("ko")


@cache
def own_terms() -> Terms:
    """The project's own; Hypothesis would print a fixture."""
    return load_terms(Path(__file__).parents[2] / "docs")


@pytest.fixture
def terms() -> Terms:
    return own_terms()


def found(terms: Terms, text: str) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.term) for each in terms.find(text)]


# --- what is a mention ----------------------------------------------------------------------------

# `[name|id]` is a mention; everything else is none.
LABELLED = [
    "[디디피엠|ddpm]에서 [베타|noise-schedule]를 키우면 어떻게 되나",
    "[DDPM|ddpm]은 [VAE|vae]와 달리 [잠재 변수|latent-variable]의 크기가 같다",
    "**[디디피엠|ddpm]([DDPM|ddpm])**은 느리다",
    "[확산모델|diffusion-model]이나 [확산 모델|diffusion-model]이나 같다",
    "조건부[확산모델|diffusion-model]까지 보자",
    "[스코어 베이스|score-based-model]라고 부르는 [스코어|score]의 뜻",
    "[Score-Based Models|score-based-model]? [score matching|score-matching]을 [ddpm|ddpm]에 쓴다",
    "[GANs|gan] and [VAEs|vae]; [VAE|vae]/[GAN|gan]",
    "[VQ-VAE-2|vq-vae-2]는 [VQ-VAE|vq-vae]와 [β-VAE|beta-vae] 다음",
    "[케이엘 다이버젼스|kl-divergence]는 [KL|kl-divergence]로 줄인다",
    "[피 세타 제트|prior]의 모양, [피세타제트|prior]였던가",
    "[브이에이이|vae]입니다. [브이에이이|vae]인지 [브이에이이|vae]랑 [브이에이이|vae]였다",
    "[디퓨전모델|diffusion-model]링크와 [디디피엠|ddpm]논문을",
    "[DDPM++|ddpmpp]는 [DDPM|ddpm]이 아니다",
    "[ＤＤＰＭ|ddpm]으로 적은 것, [SDE|sde]들",
    "[가우시안|gaussian]하지 않은 잡음에서 샘플을",
    "score board에 점수를 적고 [DDPM|ddpm]을 보자",
    "스코어보드, 스코어 보드, 스코어러는 [스코어 함수|score]가 아니다",
    "경기 스코어는 3 대 1이었다",
    "EM 필드의 세기를 쟀다",
    "[EM|em-algorithm]의 E-step과 [잠재 변수|latent-variable]",
    "is it? kid, IS, ae, em",
    "[KID|kid]와 [FID|fid], 그리고 [IS|inception-score]",
    "베타 버전을 내려받아 [DDPM|ddpm]을 돌렸다",
    "베타 테스트",
    "https://clouds.example/ddpm/VAE.html 과 ddpm.py, DDPM.loss",
    "models/gan/vae.py, gan@clouds.example, www.clouds.example/VAE",
    "Info-VAE와 my_vae, vae2, InfoVAE는 다른 것이다",
    "알디디피엠하다 디디피엠스럽지",
    "우리 엔코더스 모임",
    "인디언들의 바디코더",
]  # fmt: skip
MARKED = re.compile(r"\[([^|\[\]]+)\|([a-z0-9-]*)\]")


def unmarked(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    plain, places, done = "", [], 0
    for match in MARKED.finditer(text):
        plain += text[done : match.start()]
        if match[2]:
            places.append((len(plain), len(plain) + len(match[1]), match[2]))
        plain += match[1]
        done = match.end()
    return plain + text[done:], places


@pytest.mark.parametrize("text", LABELLED)
def test_mentions_are_those_that_a_reader_would_mark(terms: Terms, text: str) -> None:
    plain, places = unmarked(text)
    assert [(each.start, each.end, each.term) for each in terms.find(plain)] == places


@pytest.mark.parametrize("text", LABELLED)
def test_a_text_in_nfd_has_the_same_mentions(terms: Terms, text: str) -> None:
    plain, places = unmarked(text)
    typed = unicodedata.normalize("NFD", plain)
    names = [unicodedata.normalize("NFC", typed[m.start : m.end]) for m in terms.find(typed)]
    assert names == [plain[start:end] for start, end, _ in places]


PARTICLES = ["은", "가", "을", "의", "에서는", "으로", "와", "도", "까지", "이라는", "들은"]
PARTICLES += ["이므로", "이어야", "이면서", "이기는", "이더라도", "이라기보다는"]


@given(st.data())
def test_every_name_is_found_with_any_particle(data: st.DataObject) -> None:
    terms = own_terms()
    term = data.draw(st.sampled_from(terms.all))
    name = data.draw(st.sampled_from([n for n in term.names if n not in term.unsure]))
    particle = data.draw(st.sampled_from(["", *PARTICLES]))
    before = data.draw(st.sampled_from(["", "그 ", "(", "「", "1. ", "\n"]))
    text = f"{before}{name}{particle} 어렵다"
    assert (name, term.id) in found(terms, text)


@given(
    st.text(
        st.sampled_from("디피엠DPMVAE스코어 -\n\r은에서확산모델β.1/()\u1103\u1175"), max_size=60
    )
)
@example("DDPM" * 3 + " 디디피엠\u11ab")
def test_mentions_are_in_order_and_apart_in_any_text(text: str) -> None:
    mentions = own_terms().find(text)
    places = [0, *(place for each in mentions for place in (each.start, each.end)), len(text)]
    assert places == sorted(places)
    assert all(each.start < each.end for each in mentions)


def test_finding_costs_no_more_for_more_text(terms: Terms) -> None:
    """Counted in calls: a clock would say how busy the machine is."""

    def calls(text: str) -> int:
        count = 0

        def called(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(called)
        try:
            terms.find(text)
        finally:
            sys.setprofile(None)
        return count

    text = "디디피엠에서 스코어 베이스를 VAE와 견준다. score based 모델은 확산 모델이다.\n" * 50
    assert calls(text * 8) < calls(text) * 8 * 1.1 + 100
    for awkward in ("디", "score ", "- - ", "a/", "\u1103\u1175"):
        assert calls(awkward * 8_000) < calls(awkward * 1_000) * 8 * 1.1 + 100


# --- links ----------------------------------------------------------------------------------------


def linked(terms: Terms, html: str, page: str = "meetings/w01/index.md") -> str:
    """The page with each link as `[name|id]`."""
    made = link_terms(html, terms, KO, page)
    return re.sub(
        r'<a class="sk-term" href="[^"]*?([^"/]+)/"(?: title="[^"]+")?>(.*?)</a>', r"[\2|\1]", made,
        flags=re.DOTALL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>DDPM은 DDPM이다</p><p>DDPM</p>", "<p>[DDPM|ddpm]은 DDPM이다</p><p>[DDPM|ddpm]</p>"),
        ("<p><b>디디피엠(DDPM)</b>은</p>", "<p><b>[디디피엠|ddpm](DDPM)</b>은</p>"),
        ("<p><b>DDPM</b>은</p>", "<p><b>[DDPM|ddpm]</b>은</p>"),
        # A name over two elements, and a name that goes on in the next element.
        ("<p><b>스코어</b> 매칭, <b>디디피엠</b>스럽게</p>",) * 2,
        ("<h2>DDPM</h2><pre>DDPM</pre><code>DDPM</code>",) * 2,
        ("<a href='x'>DDPM <b>VAE</b></a><span class='arithmatex'>VAE</span>",) * 2,
        ("<script>DDPM</script><style>DDPM</style><!-- DDPM --><i title='DDPM'></i>",) * 2,
        ("<p>https://clouds.example/DDPM</p>",) * 2,
        ("<div class='sk-notebook'><p>$DDPM$ \\(VAE\\) $$a\nGAN$$</p></div>",) * 2,
        (
            "<div class='sk-notebook'><p>$x$ DDPM $y$, $5</p></div>",
            "<div class='sk-notebook'><p>$x$ [DDPM|ddpm] $y$, $5</p></div>",
        ),
        ("<p>$5 DDPM $6</p>", "<p>$5 [DDPM|ddpm] $6</p>"),
        (
            "<article class='sk-turn'><header>DDPM</header><ul><li>DDPM</li></ul></article>",
            "<article class='sk-turn'><header>[DDPM|ddpm]</header><ul><li>DDPM</li></ul></article>",
        ),
        ("<ul><li>DDPM<li>DDPM</ul>", "<ul><li>[DDPM|ddpm]<li>[DDPM|ddpm]</ul>"),
        ("<table><tr><td>DDPM<td>DDPM</table>", "<table><tr><td>[DDPM|ddpm]<td>DDPM</table>"),
        ("<p>&lt;DDPM&gt; &amp VAE &", "<p>&lt;[DDPM|ddpm]&gt; &amp [VAE|vae] &"),
        ("<p>&#54869;산 모델&amp;", "<p>[&#54869;산 모델|diffusion-model]&amp;"),
        ("<p>확산<br>모델</p>", "<p>확산<br>모델</p>"),
        ("<p>&# DDPM &#; <i alt='DDPM'>", "<p>&# [DDPM|ddpm] &#; <i alt='DDPM'>"),
        ("<p>DDPM <img alt='VAE GAN", "<p>[DDPM|ddpm] <img alt='VAE GAN"),
        ("<div class='sk-raw'>DDPM</div><span class='sk-mask' title='x'>GAN</span>",) * 2,
    ],
)  # fmt: skip
def test_links(terms: Terms, html: str, expected: str) -> None:
    assert linked(terms, html) == expected


def test_a_term_is_not_linked_on_its_own_page(terms: Terms) -> None:
    assert linked(terms, "<p>DDPM VAE</p>", "terms/ddpm/index.md") == "<p>DDPM [VAE|vae]</p>"


def test_what_a_term_says_is_escaped() -> None:
    file = '[[term]]\nid = "fog"\nko = "안개"\nen = "fog"\ndefinition = \'<b>"&\'\n'
    html = link_terms("<p>안개</p>", terms_of(file), KO, "index.md")
    assert 'title="안개 (fog): &lt;b&gt;&#34;&amp;"' in html


class Seen(HTMLParser):
    """The text and the elements of a page, without the links to terms."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.inside: list[bool] = []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += f"<{tag} {attrs}>" if ("class", "sk-term") not in attrs else ""

    def handle_endtag(self, tag: str) -> None:
        self.text += f"</{tag}>" if tag != "a" else ""


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<b>", "</b>", "<li>", "<code>", "</code>", "<a href='x'>", "</a>", "<br>",
        "<table>", "</td>", "<!--", "-->", "<div class='sk-notebook'>", "</div>", "<script>",
        "</script>", "<img alt='DDPM'>", '<i title="', '">', "&amp;", "&#", "&#xb514;", "&DDPM;",
        "&lt", "<", ">", "$", "$$", "DDPM", "디디피엠", "은 ", "확산", " 모델", "\n", "스코어 ",
        "베이스", "\u1103\u1175", "VAE", " ", "<![CDATA[", "]]>", "<?", "<!DOCTYPE", "<h2>",
        "</h2>", "<article class='sk-turn'>",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join))
@example("<p>DDPM</p>")
@example('<i title="DDPM')
@example("&#DDPM<b title='DDPM'>x")
def test_links_change_no_word_of_any_page(html: str) -> None:
    made = link_terms(html, own_terms(), KO, "a/b.md")
    taken_out = re.sub(
        r'<a class="sk-term" href="[^"]*"(?: title="[^"]*")?>(.*?)</a>',
        r"\1",
        made,
        flags=re.DOTALL,
    )
    assert taken_out == html
    assert Seen(made).text.replace("</a>", "") == Seen(html).text.replace("</a>", "")


# --- the file -------------------------------------------------------------------------------------

FOG = '[[term]]\nid = "fog"\nko = "안개"\nen = "fog"\ndefinition = "낮은 구름이다."\n'


def terms_of(text: str, folder: Path | None = None) -> Terms:
    from studykit.wiki.terms.symbols import Symbols
    from studykit.wiki.terms.term import read_terms
    from studykit.wiki.toml_file import TomlFile

    return read_terms(TomlFile.parse(text, "docs/terms.toml"), Symbols(folder or Path()))


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (FOG.replace('id = "fog"', 'id = "Fog"'), "2:6", "'Fog' cannot be the address"),
        (FOG.replace('id = "fog"', 'id = "index"'), "2:6", "'index' cannot be the address"),
        (FOG.replace("definition", "defintion"), "5", "unknown key 'defintion'"),
        (FOG.replace('ko = "안개"\n', ""), "1", "'ko' must be a text, and is missing"),
        (FOG + 'spoken = "포그"\n', "6", "'spoken' must be a list of texts"),
        (FOG + 'spoken = [\n  "포그",\n  "…",\n]\n', "8:3", "'…' is no name"),
        (FOG + 'related = ["rain"]\n', "6:12", "there is no other term 'rain'"),
        (FOG + 'unsure = ["foggy"]\n', "6:11", "'foggy' is none of the names of 'fog'"),
        (FOG + 'api = ["pack.fog.Fogg"]\n', "6:8", "the code has no 'pack.fog.Fogg'"),
        (FOG + 'paper = {title = "a", url = "javascript:x"}\n', "6:29", "is no web address"),
        (FOG + 'paper = "a"\n', "6", "'paper' must be a table"),
        (FOG + FOG, "7:6", "the id 'fog' is given"),
        (
            FOG + FOG.replace('"fog"', '"rain"'),
            "8:6",
            "'안개' is a name of 'rain' here and of 'fog'",
        ),
        (FOG + "[[therm]]\n", None, "unknown key 'therm'"),
        ('term = "fog"', "1", "'term' must be tables"),
        (FOG + "spoken = [", None, "this is no TOML"),
    ],
)
def test_a_mistake_in_the_file_says_where_and_how_to_mend_it(
    text: str, place: str | None, says: str, tmp_path: Path
) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/fog.py").write_text("import torch\nclass Fog:\n    def lift(self): ...\n")
    with pytest.raises(ConfigError) as error:
        terms_of(text, tmp_path)
    assert says in error.value.message
    assert str(error.value).startswith(f"docs/terms.toml:{place}" if place else "docs/terms.toml")
    assert error.value.mend
    if "Fogg" in text:
        assert "'pack.fog.Fog'" in error.value.mend


def test_symbols_are_read_and_not_imported(tmp_path: Path) -> None:
    (tmp_path / "fog.py").write_text(
        "raise SystemExit\nclass Fog:\n    def lift(self): ...\nX: int = 1\n"
    )
    names = ["fog", "fog.Fog", "fog.Fog.lift", "fog.X"]
    assert terms_of(FOG + f"api = {json.dumps(names)}\n", tmp_path)["fog"].api == tuple(names)


def test_no_file_means_no_terms(tmp_path: Path) -> None:
    assert len(load_terms(tmp_path / "docs")) == 0
    assert Terms().find("DDPM") == []


def test_the_projects_terms_are_whole(terms: Terms) -> None:
    assert len(terms) >= 60
    for term in terms:
        assert term.definition.endswith("다."), term.id
        assert re.search("[가-힣]", term.ko), term.id
        assert term.definition_en.endswith("."), term.id
        assert not re.search("[가-힣]", term.definition_en + term.en), term.id
        assert len(term.definition) < 130, term.id


def test_week_one_names_these(terms: Terms, root: Path) -> None:
    text = (root / "meetings/week-01.txt").read_text("utf-8")
    names = {term for _, term in found(terms, text)}
    assert names >= {
        "ddpm", "score-based-model", "diffusion-model", "score", "vae", "gan", "prior",
        "reconstruction",
        "kl-divergence", "noise-schedule", "energy-based-gan", "energy-based-model", "autoencoder",
        "variational-inference", "evaluation-metric", "pretrained-model",
    }  # fmt: skip
    assert "오토메이티드" not in " ".join(name for name, _ in found(terms, text))


# --- pages ----------------------------------------------------------------------------------------

INVENTED = """
[[term]]
id = "fog"
ko = "안개"
en = "fog"
abbreviations = ["FG"]
spoken = ["에프지"]
definition = "땅에 닿은 <구름>이다."
definition_en = "A cloud on the ground."
paper = {title = "On Fog & Mist", url = "https://clouds.example/fog"}
api = ["sky.fog.Fog"]
related = ["rain"]

[[term]]
id = "rain"
ko = "비구름"
en = "rain cloud"
definition = "비를 내리는 구름이다."
"""
SKY = '''"""Fog.

References:
    Gil, Na, Da, Ra: On Fog. Clouds 2031. arXiv:3101.00001.
"""


class Fog:
    """A fog.

    Source: Gil et al. (2031), Eq. 4.
    """
'''


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    """A project about clouds, with more than a few places that mention fog."""
    for name, text in {
        "docs/terms.toml": INVENTED,
        "docs/api/index.md": "# API\n",
        "docs/api/sky.md": "# Sky\n\n::: sky.fog\n",
        "docs/talks/fog.md": "# 발표\n\n`안개`와 $FG$ 말고 **안개**를 본다\n",
        "docs/talks/none.md": "# 안개\n\n```\n안개\n```\n",
        "sky/fog.py": SKY,
        "meetings/week-01.txt": "가람님 - 안개를 보자 <b>\n\n나래님 - 에프지에서 시작\n\n"
        "질문 :\n1. 안개는 왜 낮은가\n",
        "meetings/week-02.txt": "안개가 걷혔다\n\n"
        + "".join(f"가람님 - 안개는 {n}번째\n\n" for n in range(4)),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def pages(project: Path, language: str = "ko", people: People | None = None) -> dict[str, str]:
    t = load_chrome(language)
    docs = project / "docs"
    terms = load_terms(docs)
    notes = read_notes(project / "meetings")
    if people:
        notes = [Masks(people, t).note(note) for note in notes]
    archive = link_notes(notes, people)
    site = Site(
        name="구름",
        language=language,
        terms=terms,
        term_pages=find_pages(terms, docs, find_documents(docs, "talks")),
        term_code=find_code(terms, docs, read_web(docs, archive, t).book.entries.values(), t),
    )
    parts = render_pages(archive, site)
    return {
        part.path: part.markdown if isinstance(part, Page) else part.content
        for part in parts
        if part.path.startswith("terms/") or isinstance(part, Asset)
    }


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages(invented: Path, language: str, golden: GoldenFiles) -> None:
    golden.check_all(f"terms/{language}", pages(invented, language))


def test_a_term_that_nobody_mentions_has_no_empty_section(invented: Path) -> None:
    assert "##" not in pages(invented)["terms/rain/index.md"]


def test_a_terms_page_does_not_grow_with_the_archive(invented: Path) -> None:
    for week in range(3, 90):
        note = "가람님 - 안개와 안개\n\n질문 :\n1. 안개는 왜 흰가\n"
        (invented / f"meetings/week-{week:02}.txt").write_text(note, "utf-8")
    made = pages(invented)
    page = made["terms/fog/index.md"]
    assert len(page) < 6000
    assert "89주차" in page
    assert '<p class="sk-more"><a href="uses/">' in page
    assert "terms/fog/uses/page-4.md" in made
    assert max(map(len, (text for path, text in made.items() if path.endswith(".md")))) < 60_000


def test_a_masked_member_stays_masked(invented: Path) -> None:
    (invented / "meetings/week-03.txt").write_text("가람님 - 가람이 본 안개\n", "utf-8")
    made = pages(invented, people=People((Member("가람", (), "G."),)))
    assert "가람" not in "".join(made.values())
    assert '<span class="sk-mask" title="표시 이름">G.</span>' in made["terms/fog/index.md"]


def test_a_long_line_is_cut_around_the_name_and_no_mask_in_two(terms: Terms) -> None:
    text = "가람님 - " + "구름 " * 60 + "디디피엠은 " + "가람 " * 60
    note = Masks(People((Member("가람", (), "G."),)), KO).note(
        read_note(text.encode(), "week-01.txt")
    )
    (use,) = find_uses(terms, link_notes([note]))["ddpm"]
    assert use.name == "디디피엠"
    assert use.before.startswith("… 구름")
    assert use.behind.endswith(" …")
    assert use.behind.count("\ufdd0") == use.behind.count("\ufdd2")
    assert len(use.before) < 120


def test_every_use_says_who_and_in_which_record(invented: Path) -> None:
    terms = load_terms(invented / "docs")
    uses = find_uses(terms, link_notes(read_notes(invented / "meetings")))["fog"]
    first = [use for use in uses if use.meeting == "w01"]
    assert [(use.kind, use.people, use.name) for use in first] == [
        ("opinion", ("가람",), "안개"),
        ("opinion", ("나래",), "에프지"),
        ("question", (), "안개"),
    ]
    assert [use.meeting for use in uses] == ["w02"] * 5 + ["w01"] * 3


def test_the_site_links_terms_and_does_not_publish_the_file(project: Project) -> None:
    (project.folder / "docs/terms.toml").write_text(
        INVENTED.replace('api = ["sky.fog.Fog"]\n', ""), "utf-8"
    )
    (project.folder / "docs/talks").mkdir()
    (project.folder / "docs/talks/sky.md").write_text(
        "# 안개\n\n**안개(FG)**는 `안개`이다\n", "utf-8"
    )
    site = project.build()
    assert not list(site.rglob("terms.toml"))
    names = json.loads((site / "assets/studykit/terms.json").read_text("utf-8"))
    assert names["fog"] == {
        "title": "안개 (FG)",
        "url": "terms/fog/",
        "names": ["안개", "fog", "FG", "에프지"],
    }
    talk = (site / "talks/sky/index.html").read_text("utf-8")
    assert talk.count('<a class="sk-term" href="../../terms/fog/" title="안개 (FG): 땅에 닿은') == 1
    assert ">안개</a>(FG)</strong>는 <code>안개</code>" in talk
    target = project.folder.parent / "export"
    assert project.run("export", target).returncode == 0
    assert not list(target.rglob("terms.toml"))
    (project.folder / "docs/terms.toml").write_text("[[term]]\nid = 3\n", "utf-8")
    failed = project.run("build")
    assert failed.returncode == 1
    assert "docs/terms.toml:2" in failed.stderr.replace("\n", "")
    assert "Traceback" not in failed.stderr


# --- what is proposed -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "spelt"),
    [
        ("디디피엠", "DDPM"),
        ("브이에이이", "VAE"),
        ("에이치엠엠", "HMM"),
        ("더블유지에이엔", "WGAN"),
        ("케이엘디", "KLD"),
        ("디노이징", None),
        ("", None),
    ],
)
def test_names_of_letters(word: str, spelt: str | None) -> None:
    assert letters(word) == (list(spelt) if spelt else None)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("다이버젼스", "다이버전스", True),
        ("컨볼루션", "콘볼루숀", True),
        ("메소드", "메서드", True),
        ("스코어", "스코프", False),
        ("디코더", "인코더", False),
    ],
)
def test_spellings_of_one_word_sound_alike(one: str, other: str, same: bool) -> None:
    assert (sound(one) == sound(other)) is same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("디디엑스엠에서 시작", [("디디엑스엠", "D-D-X-M")]),
        ("알엘에이치에프를 보자", [("알엘에이치에프", "R-L-H-F")]),
        ("큐 파이 제트의 모양", [("큐 파이 제트", "q φ z")]),
        ("리콘볼루션 말고 컨볼루숀이다", [("컨볼루숀", "convolution")]),
        ("스토캐스틱한 것과 베이지안", [("베이지안", "bayesian")]),
        ("오토메이티드 제너레티브 모델", [("오토메이티드 제너레티브 모델", None)]),
        ("디디피엠과 리컨스트럭션, 브이에이이", []),
        ("이해하고 비교해서 유지비와 오디오를 지시하다", []),
        ("프로젝트에선 피피티와 데이터셋 코드를 깃헙에 커밋", []),
        ("아이디어를 노트북에 적고 카메라로 스터디를 하는 커뮤니티", []),
        ("컬렉션과 릴레이션 오리엔테이션", []),
    ],
)
def test_suggestions(terms: Terms, text: str, expected: list[tuple[str, str | None]]) -> None:
    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, text)
        suggestions = Suggester(terms).suggest(typed)
        assert [(each.written, each.reading) for each in suggestions] == expected
        for each in suggestions:
            place = unicodedata.normalize("NFC", typed[each.start : each.end])
            assert place == each.written


def test_a_doubt_says_what_is_doubtful(terms: Terms) -> None:
    (one,) = Suggester(terms).suggest("오토메이티드 제너레티브 모델")
    assert "오토메이티드 sounds like no known word" in one.doubt
    assert "제너레티브 = generative" in one.doubt


def test_another_spelling_of_a_term_names_the_term(terms: Terms) -> None:
    (one,) = Suggester(terms).suggest("배리애이셔널")
    assert one.reading == "variational"
    (two,) = Suggester(terms).suggest("리콘스트럭숀을 보자")
    assert two.term == "reconstruction"
    assert '"리콘스트럭숀" to spoken of the term reconstruction' in two.mend


def test_the_command_and_the_check_say_the_same(
    invented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(invented)
    done = CliRunner().invoke(main, ["terms", "suggest"])
    assert done.exit_code == 0
    assert done.output == "Every word that seems to spell English is in docs/terms.toml.\n"
    Path("meetings/week-03.txt").write_text(
        "가람님 - 하늘\n\n나래님 - 디디엑스엠, 디디엑스엠\n", "utf-8"
    )
    done = CliRunner().invoke(main, ["terms", "suggest", "meetings/week-03.txt"])
    assert done.output.startswith("meetings/week-03.txt:3:7: 디디엑스엠 seems to be D-D-X-M")
    report = check_paths([Path("meetings")])
    (finding,) = (each for each in report.findings if each.code == "unknown-term")
    assert (finding.file, finding.line, finding.column) == ("meetings/week-03.txt", 3, 7)
    assert "here and 1 more time" in finding.message
    assert not report.failed
    Path("docs/terms.toml").write_text("[[term]]\nid = 3\n", "utf-8")
    assert [
        each.file for each in check_paths([Path("meetings")]).findings if each.code == "unbuildable"
    ] == ["docs/terms.toml"]
    Path("docs/terms.toml").unlink()
    assert "unknown-term" not in {each.code for each in check_paths([Path("meetings")]).findings}
