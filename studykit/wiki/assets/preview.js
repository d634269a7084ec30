// What a link leads to, beside it: the place's heading and its first words, on hover and on focus.
// A finger has no hover: there a link is a link. Escape puts the box away.
(() => {
  "use strict";

  const GAP = 6;
  const SLOW = 300; // who only crosses a link wants nothing
  const BLOCKS = 4;
  const LETTERS = 500;
  const PAGES = 20;
  const site = new URL("../../", document.currentScript.src);

  const box = document.createElement("div");
  box.id = "sk-preview";
  box.className = "sk-preview md-typeset";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  let wanted = null; // the link whose preview is shown or on its way
  let given = null; // the title that it has otherwise
  let coming = 0;
  let leaving = 0;

  // --- when ---------------------------------------------------------------------------------------

  function want(link) {
    clearTimeout(leaving);
    if (wanted === link) return;
    hide();
    wanted = link;
    coming = setTimeout(async () => {
      const shown = await preview(new URL(link.href)).catch(() => null);
      if (shown && wanted === link && link.isConnected) show(link, shown);
    }, SLOW);
  }

  function show(link, shown) {
    given = link.getAttribute("title");
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", box.id);
    box.replaceChildren(...shown.map((part) => part.cloneNode(true)));
    document.body.append(box);
    box.hidden = false;
    place(link);
    document.dispatchEvent(new CustomEvent("sk-formulas", { detail: () => place(link) }));
  }

  function hide() {
    clearTimeout(coming);
    clearTimeout(leaving);
    if (wanted && !box.hidden) {
      wanted.removeAttribute("aria-describedby");
      if (given) wanted.setAttribute("title", given);
    }
    wanted = given = null;
    box.hidden = true;
  }

  // Below the words, or above them where there is more room; never off the screen.
  function place(link) {
    if (wanted !== link) return;
    const word = [...link.getClientRects()].at(-1);
    if (!word) return;
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(word.left, width - box.offsetWidth - 8));
    const under = window.innerHeight - word.bottom;
    const below = under >= box.offsetHeight + GAP || under >= word.top;
    const top = below ? word.bottom + GAP : word.top - GAP - box.offsetHeight;
    box.classList.toggle("sk-preview-cut", box.scrollHeight > box.clientHeight);
    box.style.left = `${left + window.scrollX}px`;
    box.style.top = `${Math.max(top, 0) + window.scrollY}px`;
  }

  // The link that an event is about, if it leads to another page of this site.
  function linkOf(event) {
    const link = event.target.closest?.(".md-content a[href]");
    if (!link || link.matches(".sk-term, .headerlink, .sk-crumbs a, .sk-pages a, [download]")) {
      return null;
    }
    const { origin, pathname } = new URL(link.href, location.href);
    const inside = origin === site.origin && pathname.startsWith(site.pathname);
    return inside && pathname.endsWith("/") && pathname !== location.pathname ? link : null;
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkOf(event);
    if (link) want(link);
    else if (event.target.closest?.(".sk-preview")) clearTimeout(leaving);
    else if (wanted && !wanted.matches(":focus-visible")) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, 150); // time to move onto the box
    }
  });

  document.addEventListener("focusin", (event) => {
    const link = linkOf(event);
    if (link?.matches(":focus-visible")) want(link);
    else hide();
  });

  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest?.(".sk-preview")) hide();
  });
  window.addEventListener("click", hide, true);
  window.addEventListener("resize", hide);
  window.addEventListener("popstate", hide);

  // --- what ---------------------------------------------------------------------------------------

  const pages = new Map();

  async function preview(url) {
    const page = await read(url.origin + url.pathname);
    const title = page.querySelector("article h1");
    if (!title) return null;
    const target = url.hash ? page.getElementById(decodeURIComponent(url.hash.slice(1))) : title;
    if (!target) return null;
    const parts = target === title ? [] : [named(title, "sk-preview-where")];
    if (/^H[1-6]$/.test(target.tagName)) parts.push(named(target, "sk-preview-title"));
    let left = LETTERS;
    for (const block of blocksAt(target)) {
      const copy = copied(block);
      if (!copy?.textContent.trim()) continue;
      parts.push(copy);
      left -= copy.textContent.length;
      if (left <= 0 || parts.length > BLOCKS) break;
    }
    // In a notebook formulas are still as they were typed.
    if (target.closest(".jp-RenderedMarkdown")) {
      for (const part of parts) part.classList.add("jp-RenderedMarkdown");
    }
    return parts;
  }

  function read(address) {
    if (!pages.has(address)) {
      const page = fetch(address).then(async (response) => {
        if (!response.ok) throw new Error(response.statusText);
        return new DOMParser().parseFromString(await response.text(), "text/html");
      });
      page.catch(() => pages.delete(address));
      pages.set(address, page);
      if (pages.size > PAGES) pages.delete(pages.keys().next().value);
    }
    return pages.get(address);
  }

  // What stands at the place: below a heading up to the next one, else the block that it is in.
  function* blocksAt(target) {
    if (!/^H[1-6]$/.test(target.tagName)) {
      const around = "p, li, article, tr, blockquote, dd, dt, pre, figure, section";
      const block = target.closest(around) ?? target;
      // A mark in front of a formula of its own belongs to that.
      yield block.textContent.trim() ? block : (block.nextElementSibling ?? block);
      return;
    }
    for (let next = target.nextElementSibling; next; next = next.nextElementSibling) {
      if (/^(H[1-6]|HR)$/.test(next.tagName)) return;
      // What mkdocstrings says of a symbol, and what Material puts around nothing.
      if (next.matches("div:not(.arithmatex, .highlight)")) yield* next.children;
      else if (!next.matches("nav")) yield next;
    }
  }

  function named(heading, name) {
    const line = document.createElement("p");
    line.className = name;
    for (const node of heading.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) line.append(node.data);
      else if (!node.matches?.(".headerlink")) line.append(copied(node) ?? "");
    }
    return line;
  }

  // Elements and classes that only say how words look. Nothing else of a page gets into another:
  // no link, no picture, no id, no attribute.
  const ELEMENTS = new Set(
    ("article b blockquote br code dd del div dl dt em header i li mark ol p pre q s section " +
      "small span strong sub sup table tbody td th thead tr ul").split(" "),
  );
  const CLASSES =
    /^(arithmatex|highlight|sk-(answer|badge|counts|decision|done|link|mask|meaning|open|p\d|question|quotes|raw|state|talk|task|turn|unknown|who)|[a-z][a-z0-9]{0,2})$/;
  const LEFT_OUT =
    ".headerlink, .sk-refs, .sk-mark, .sk-crumbs, .sk-backlinks, .sk-filter, .linenos, .doc-labels, script, " +
    "style, template, noscript, svg, button, form, input, details.mkdocstrings-source, nav";

  function copied(node) {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(LEFT_OUT)) return null;
    const name = node.tagName.toLowerCase();
    const copy = document.createElement(ELEMENTS.has(name) ? name : "span");
    const classes = [...node.classList].filter((each) => CLASSES.test(each));
    if (classes.length) copy.className = classes.join(" ");
    for (const child of node.childNodes) copy.append(copied(child) ?? "");
    return copy;
  }
})();
