// The catch-up page: what happened in a range of meetings, and what waits for somebody.
// The range and the person are in the address, so that it can be shared.
(() => {
  "use strict";

  const KINDS = ["decisions", "questions", "talks"];
  const FEW = 200;

  const files = new Map();

  // Each file is fetched once, however often the range changes.
  function file(name, base) {
    const address = new URL(name, base);
    if (!files.has(address.href)) {
      const loading = fetch(address).then((response) => {
        if (!response.ok) throw new Error(`${address}: ${response.status}`);
        return response.json();
      });
      loading.catch(() => files.delete(address.href));
      files.set(address.href, loading);
    }
    return files.get(address.href);
  }

  async function setUp(place) {
    const words = JSON.parse(place.dataset.skWords);
    const base = new URL("./", location.href);
    const pages = document.querySelector(".sk-catch-pages");
    const status = element("p", "sk-counts");
    status.setAttribute("role", "status");
    const result = element("div");
    let index;
    try {
      index = await file("meetings.json", base);
    } catch {
      place.append(element("p", "sk-empty", words.failed));
      return;
    }
    const { meetings, people, part } = index;
    if (!meetings.length) return;

    const form = element("form", "sk-filter sk-catch-form");
    form.addEventListener("submit", (event) => event.preventDefault());
    const from = choice("from", words.from);
    const to = choice("to", words.to);
    const who = choice("who", words.who);
    for (const select of [from, to]) {
      select.append(...[...meetings].reverse().map(([id, title, date]) => {
        return new Option(date && date !== title ? `${title} (${date})` : title, id);
      }));
    }
    who.append(new Option(words.anybody, ""));
    who.append(...people.map(([id, name]) => new Option(name, id)));
    place.append(form, status, result);
    read();
    form.addEventListener("change", () => {
      write();
      show();
    });
    pages.hidden = true;
    await show();

    function choice(name, label) {
      const box = element("label", "", label);
      const select = element("select");
      select.name = name;
      box.append(select);
      form.append(box);
      return select;
    }

    // What the address does not say, or says of no meeting or person of ours, is the newest.
    function read() {
      const asked = new URLSearchParams(location.search);
      const newest = meetings.at(-1)[0];
      const known = (id) => meetings.some((meeting) => meeting[0] === id);
      to.value = known(asked.get("to")) ? asked.get("to") : newest;
      from.value = known(asked.get("from")) ? asked.get("from") : to.value;
      who.value = people.some(([id]) => id === asked.get("who")) ? asked.get("who") : "";
    }

    function write() {
      const address = new URL(location.href);
      address.search = new URLSearchParams({ from: from.value, to: to.value });
      if (who.value) address.searchParams.set("who", who.value);
      history.replaceState(history.state, "", address);
    }

    async function show() {
      const at = [from, to].map((select) => meetings.findIndex(([id]) => id === select.value));
      const [first, last] = [Math.min(...at), Math.max(...at)];
      const chosen = `${from.value} ${to.value} ${who.value}`;
      place.setAttribute("aria-busy", "true");
      try {
        const parts = [];
        for (let number = Math.floor(first / part); number <= Math.floor(last / part); number++) {
          parts.push(file(`part-${number + 1}.json`, base));
        }
        const loaded = (await Promise.all(parts)).flat();
        const start = first - Math.floor(first / part) * part;
        const range = loaded.slice(start, start + last - first + 1);
        const waiting = await waits();
        // Somebody may have chosen something else meanwhile.
        if (chosen !== `${from.value} ${to.value} ${who.value}`) return;
        const rows = Object.fromEntries(
          KINDS.map((kind) => [kind, range.flatMap((meeting) => meeting[kind])]),
        );
        status.textContent = words.status
          .replace("{meetings}", range.length)
          .replace(/\{(decisions|questions|talks)\}/g, (_, kind) => rows[kind].length);
        result.replaceChildren(
          ...waiting,
          ...KINDS.filter((kind) => rows[kind].length)
            .map((kind) => section(words[kind], rows[kind], rows[kind].length)),
        );
      } catch {
        status.textContent = words.failed;
        result.replaceChildren();
        pages.hidden = false;
      } finally {
        place.removeAttribute("aria-busy");
      }
    }

    async function waits() {
      const nobodys = await file("unassigned.json", base);
      const shown = [];
      if (who.value) {
        const [id, name, count] = people.find((person) => person[0] === who.value);
        const rows = count ? await file(`for/${id}.json`, base) : [];
        shown.push(section(words.waits.replace("{name}", name), rows, count, words.no_waits));
      } else {
        shown.push(element("p", "sk-empty", words.pick));
      }
      if (nobodys.count) shown.push(section(words.unassigned, nobodys.rows, nobodys.count));
      return shown;
    }

    function section(title, rows, count, none = "") {
      const box = element("section", "sk-catch-part");
      const heading = element("h2", "", `${title} `);
      heading.append(element("b", "", String(count)));
      const list = element("ul");
      for (const html of rows.slice(0, FEW)) {
        const row = element("li", "sk-row");
        row.innerHTML = html; // escaped when it was rendered, like the rows of any page
        for (const link of row.querySelectorAll("a[href]")) {
          link.href = new URL(link.getAttribute("href"), base);
        }
        list.append(row);
      }
      if (!count) list.append(element("li", "sk-empty", none));
      const more = count - Math.min(rows.length, FEW);
      if (more) list.append(element("li", "sk-row", words.more.replace("{count}", more)));
      box.append(heading, list);
      return box;
    }
  }

  function element(tag, className = "", text = "") {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function start() {
    const place = document.querySelector(".sk-catch-up:not([data-sk-ready])");
    if (!place) return;
    place.dataset.skReady = "";
    setUp(place);
  }

  if (window.document$) window.document$.subscribe(start);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
