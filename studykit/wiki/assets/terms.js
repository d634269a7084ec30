// What a term means, beside the word: on hover, on focus, and at the first tap of a finger.
// Without it the words are plain links, and the browser shows their titles.
(() => {
  "use strict";

  const GAP = 6;
  const MORE = { ko: "한 번 더 누르면 용어 페이지로 갑니다.", en: "Tap again for its page." };
  const tip = document.createElement("div");
  tip.id = "sk-tip";
  tip.className = "sk-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  let shown = null; // the link whose meaning is shown
  let given = null; // the title that it has otherwise
  let leaving = 0;
  let finger = false;

  function show(link) {
    clearTimeout(leaving);
    if (shown === link) return;
    hide();
    const meaning = meaningOf(link);
    if (!meaning) return;
    shown = link;
    given = link.getAttribute("title");
    // Two boxes with the same words would be one too many.
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", tip.id);
    const [name, ...rest] = meaning.split(": ");
    const heading = document.createElement("b");
    heading.textContent = name;
    tip.replaceChildren(heading, ` ${rest.join(": ")}`);
    if (finger) {
      const more = document.createElement("small");
      more.textContent = MORE[document.documentElement.lang] ?? MORE.en;
      tip.append(more);
    }
    document.body.append(tip);
    tip.hidden = false;
    place(link);
  }

  // A page gives each term's meaning once, with its first link.
  function meaningOf(link) {
    const links = [...document.querySelectorAll("a.sk-term[title]")];
    return links.find((other) => other.href === link.href)?.getAttribute("title");
  }

  function hide() {
    clearTimeout(leaving);
    if (!shown) return;
    if (given) shown.setAttribute("title", given);
    shown.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  }

  // Below the word, or above it where there is no room; never off the screen.
  function place(link) {
    const word = [...link.getClientRects()].at(-1);
    const width = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(word.left, width - tip.offsetWidth - 8));
    const below = word.bottom + GAP + tip.offsetHeight <= window.innerHeight;
    const top = below ? word.bottom + GAP : word.top - GAP - tip.offsetHeight;
    tip.style.left = `${left + window.scrollX}px`;
    tip.style.top = `${Math.max(top, 0) + window.scrollY}px`;
  }

  function hideSoon() {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 150); // time to move onto the box, to select in it
  }

  function term(event) {
    return event.target.closest?.("a.sk-term") ?? null;
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = term(event);
    if (link) show(link);
    else if (event.target.closest?.(".sk-tip")) clearTimeout(leaving);
    else if (shown && shown !== document.activeElement) hideSoon();
  });

  document.addEventListener("pointerdown", (event) => {
    finger = event.pointerType === "touch";
    // A mouse may select in the box; a finger puts it away to see what is below.
    if (shown && term(event) !== shown && (finger || !event.target.closest?.(".sk-tip"))) hide();
  });

  document.addEventListener("focusin", (event) => {
    const link = term(event);
    // A finger's focus comes before its click, which shows the meaning by itself.
    if (link && !finger) show(link);
    else if (!link) hide();
  });

  document.addEventListener("keydown", (event) => {
    finger = false;
    if (event.key === "Escape") hide();
  });

  // Before Material's own listener, which would already go to the page.
  window.addEventListener(
    "click",
    (event) => {
      const link = term(event);
      if (!link) return;
      if (finger && link !== shown) {
        event.preventDefault();
        event.stopImmediatePropagation();
        show(link);
      } else {
        hide();
      }
    },
    true,
  );

  window.addEventListener("resize", hide);
})();
