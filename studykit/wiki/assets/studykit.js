// What a page does beside showing itself: filters for registers, and formulas.
// Runs again after each of Material's instant navigations.
(() => {
  "use strict";

  const base = new URL(".", document.currentScript.src);

  // --- registers: filter rows by words and facets ---------------------------------------------

  const FEW = 200;

  function setUpRegister(register) {
    const list = register.querySelector("ul");
    const pages = register.querySelector(".sk-pages");
    const facets = JSON.parse(register.dataset.skFacets);
    const total = Number(register.dataset.skTotal);
    if (total < 2) return;
    const own = [...list.querySelectorAll(".sk-row")];
    let rows = own.map(readRow);
    let loading = null;

    const form = document.createElement("form");
    form.className = "sk-filter";
    form.setAttribute("role", "search");
    form.addEventListener("submit", (event) => event.preventDefault());
    const words = document.createElement("input");
    words.type = "search";
    words.placeholder = register.dataset.skWords;
    words.setAttribute("aria-label", register.dataset.skWords);
    const selects = Object.entries(facets).map(([key, name]) => {
      const select = document.createElement("select");
      select.name = key;
      select.setAttribute("aria-label", name);
      return select;
    });
    const count = document.createElement("output");
    form.append(words, ...selects, count);
    register.prepend(form);
    fillSelects();

    function fillSelects() {
      for (const select of selects) {
        const chosen = select.value;
        const values = new Set(rows.flatMap((row) => row.facets[select.name] ?? []));
        const any = register.dataset.skAny.replace("{facet}", facets[select.name]);
        select.replaceChildren(new Option(any, ""), ...[...values].map((v) => new Option(v, v)));
        select.value = chosen;
      }
    }

    // A register of several pages keeps all its rows in a file, fetched when somebody filters.
    async function loadAll() {
      const address = new URL(register.dataset.skRows, location.href);
      const response = await fetch(address);
      if (!response.ok) throw new Error(response.statusText);
      rows = (await response.json()).map(({ html, facets: values }) => {
        const row = document.createElement("li");
        row.className = "sk-row";
        row.innerHTML = html; // escaped when it was rendered, like the rows of the page
        for (const link of row.querySelectorAll("a[href]")) {
          link.href = new URL(link.getAttribute("href"), address);
        }
        return { element: row, facets: values, text: normal(row.textContent) };
      });
      fillSelects();
    }

    async function apply() {
      const wanted = normal(words.value).split(/\s+/).filter(Boolean);
      const chosen = selects.filter((select) => select.value);
      const filtering = wanted.length > 0 || chosen.length > 0;
      if (filtering && register.dataset.skRows) {
        loading ??= loadAll().catch(() => {
          count.title = register.dataset.skFailed;
        });
        await loading;
      }
      const matching = filtering
        ? rows.filter(
            (row) =>
              wanted.every((word) => row.text.includes(word)) &&
              chosen.every((select) => row.facets[select.name]?.includes(select.value)),
          )
        : own.map(readRow);
      list.replaceChildren(...matching.slice(0, FEW).map((row) => row.element));
      if (filtering && matching.length === 0) {
        const none = document.createElement("li");
        none.className = "sk-empty";
        none.textContent = register.dataset.skNone;
        list.append(none);
      }
      if (pages) pages.hidden = filtering;
      count.textContent = filtering
        ? register.dataset.skShown.replace("{shown}", matching.length).replace("{total}", total)
        : "";
      if (count.title) count.textContent += ` · ${count.title}`;
    }

    form.addEventListener("input", apply);
  }

  function readRow(element) {
    return {
      element,
      facets: JSON.parse(element.dataset.skFacets),
      text: normal(element.textContent),
    };
  }

  function normal(text) {
    return text.normalize("NFC").toLowerCase();
  }

  // --- the page's policy ----------------------------------------------------------------------

  // A document keeps the policy that it was loaded with, whatever page is shown in it later.
  const policy = () => document.querySelector("meta[http-equiv=Content-Security-Policy]")?.content;
  const inForce = policy();

  // The policy refuses `style` as an attribute, which KaTeX sets for \\vec and for what it cannot
  // read; as a property it may be set.
  function withStyleAsProperty(render) {
    const { setAttribute } = Element.prototype;
    Element.prototype.setAttribute = function (name, value) {
      if (name === "style") this.style.cssText = value;
      else setAttribute.call(this, name, value);
    };
    try {
      render();
    } finally {
      Element.prototype.setAttribute = setAttribute;
    }
  }

  // --- formulas -------------------------------------------------------------------------------

  const scripts = new Map();

  function load(name) {
    if (!scripts.has(name)) {
      const script = document.createElement("script");
      script.src = new URL(name, base);
      scripts.set(
        name,
        new Promise((resolve, reject) => {
          script.addEventListener("load", resolve);
          script.addEventListener("error", reject);
        }),
      );
      document.head.append(script);
    }
    return scripts.get(name);
  }

  const AUTO = {
    throwOnError: false,
    delimiters: [
      { left: "$$", right: "$$", display: true },
      { left: "\\[", right: "\\]", display: true },
      { left: "$", right: "$", display: false },
      { left: "\\(", right: "\\)", display: false },
    ],
  };

  async function showFormulas() {
    const formulas = document.querySelectorAll(".arithmatex:not([data-sk-shown])");
    const cells = document.querySelectorAll(
      ".jp-RenderedMarkdown:not([data-sk-shown]), .jp-RenderedLatex:not([data-sk-shown])",
    );
    if (!formulas.length && !cells.length) return;
    // KaTeX weighs more than the rest of the page: it comes only where a formula stands.
    await load("katex/katex.min.js");
    for (const formula of formulas) {
      formula.dataset.skShown = "";
      const tex = formula.textContent.trim();
      const displayMode = tex.startsWith("\\[");
      withStyleAsProperty(() =>
        window.katex.render(tex.slice(2, -2), formula, { displayMode, throwOnError: false }),
      );
    }
    if (cells.length) await load("katex/contrib/auto-render.min.js");
    for (const cell of cells) {
      cell.dataset.skShown = "";
      withStyleAsProperty(() => window.renderMathInElement(cell, AUTO));
    }
  }

  // For a script that shows something of a page later; `detail` is what it then does.
  document.addEventListener("sk-formulas", ({ detail }) => showFormulas().then(detail));

  // --- figures --------------------------------------------------------------------------------

  async function showFigures() {
    if (!document.querySelector("img[data-figure]:not([data-sk-ready])")) return;
    const figures = await import(new URL("figures.js", base));
    await figures.showFigures();
  }

  // --- wide content and places ----------------------------------------------------------------

  // What is wider than the screen scrolls by itself: with the keyboard too.
  function letKeysScroll() {
    const scrolling = "div.arithmatex, .katex-display, .sk-output, .md-typeset__scrollwrap";
    for (const wide of document.querySelectorAll(scrolling)) {
      if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    }
  }

  window.addEventListener("resize", letKeysScroll);

  // Material forgets the place within the next page when the reader clicks soon after scrolling.
  let aim = "";

  document.addEventListener(
    "click",
    ({ target }) => {
      const link = target.closest?.("a[href]");
      aim = link?.hash ? link.href : "";
    },
    true,
  );

  function goToPlace() {
    if (aim === location.href && !document.querySelector(":target")) location.replace(aim);
    aim = "";
  }

  // Formulas are set after the page has gone to its place, and push it away.
  let moved = false;

  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    window.addEventListener(event, () => (moved = true), { passive: true });
  }

  new ResizeObserver(() => {
    if (!moved) document.querySelector(":target")?.scrollIntoView();
  }).observe(document.body);

  // --- each page ------------------------------------------------------------------------------

  function start() {
    if (policy() !== inForce) {
      location.reload();
      return;
    }
    for (const register of document.querySelectorAll(".sk-register:not([data-sk-ready])")) {
      register.dataset.skReady = "";
      setUpRegister(register);
    }
    moved = false;
    showFormulas().then(letKeysScroll);
    showFigures();
    goToPlace();
    // Only one page needs each; it looks for that page itself from then on.
    if (document.querySelector(".sk-catch-up")) load("catch_up.js");
    if (document.querySelector(".sk-map")) load("map.js");
  }

  if (window.document$) window.document$.subscribe(start);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
