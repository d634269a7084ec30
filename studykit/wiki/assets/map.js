// The map of the wiki, drawn when somebody opens it. What the drawing shows to a mouse or a finger,
// the search and the list beside it give to a keyboard and to a screen reader.
(() => {
  "use strict";

  const base = new URL(".", document.currentScript.src);
  const MOVING = 3000; // milliseconds that the dots may move
  const MANY_LINKS = 2000; // more are a smear, and slow: then only those of the chosen dot
  const FEW = 30;
  const FOUND = 10;
  const NAMED = 12; // the best linked dots have their names
  const NEAR = 12; // pixels from a dot that still mean it
  const COLOURS = {
    default: ["#3f51b5", "#c2410c", "#0f766e", "#a21caf", "#4d7c0f", "#475569"],
    slate: ["#93a5ff", "#fb923c", "#5eead4", "#f0abfc", "#bef264", "#cbd5e1"],
  };

  let leave = () => {};

  function setUp(place) {
    const words = JSON.parse(place.dataset.skWords);
    const button = element("button", "md-button md-button--primary", words.open);
    button.type = "button";
    const status = element("p", "sk-map-status");
    status.setAttribute("role", "status");
    place.append(button, status);
    button.addEventListener("click", async () => {
      button.disabled = true;
      status.textContent = words.loading;
      try {
        const address = new URL("./map.json", location.href);
        const [data] = await Promise.all([read(address), load("map/force-graph.min.js")]);
        if (!place.isConnected) return;
        button.remove();
        status.textContent = "";
        leave = open(place, status, data, words, new URL("../", address));
      } catch {
        button.disabled = false;
        status.textContent = words.failed;
      }
    });
  }

  function open(place, status, data, words, site) {
    const nodes = data.nodes.map(([title, kind, url, x, y], number) => ({
      number, title, kind, url, fx: x, fy: y, x, y, near: [],
    }));
    const links = [];
    for (let i = 0; i < data.links.length; i += 2) {
      const [source, target] = [nodes[data.links[i]], nodes[data.links[i + 1]]];
      source.near.push(target);
      target.near.push(source);
      links.push({ source, target });
    }
    for (const node of nodes) node.near.sort((a, b) => b.near.length - a.near.length);
    const named = new Set(
      [...nodes].sort((a, b) => b.near.length - a.near.length).slice(0, NAMED),
    );
    const hidden = new Set();
    let chosen = null;

    // --- what stands around the drawing ---------------------------------------------------------

    const kinds = element("fieldset", "sk-map-kinds");
    kinds.append(element("legend", "", words.kinds));
    data.kinds.forEach((name, kind) => {
      const all = nodes.filter((node) => node.kind === kind).length;
      if (!all) return;
      const label = element("label", `sk-map-kind sk-map-k${kind}`);
      const box = element("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => {
        if (box.checked) hidden.delete(kind);
        else hidden.add(kind);
        if (chosen && hidden.has(chosen.kind)) choose(null);
        show();
        count();
      });
      label.append(box, element("i"), ` ${name} `, element("small", "", `${all}`));
      kinds.append(label);
    });

    const search = element("input");
    search.type = "search";
    search.placeholder = words.search;
    search.setAttribute("aria-label", words.search);
    const found = element("ul", "sk-map-found");
    const form = element("form", "sk-filter sk-map-search");
    form.setAttribute("role", "search");
    form.append(search);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      found.querySelector("button")?.click();
    });
    search.addEventListener("input", find);

    const drawing = element("div", "sk-map-drawing");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", words.all);
    const zoom = element("div", "sk-map-zoom");
    for (const [label, text, by] of [[words.in, "+", 1.6], [words.out, "−", 1 / 1.6]]) {
      zoom.append(control(text, label, () => graph.zoom(graph.zoom() * by, 200)));
    }
    zoom.append(control(words.fit, words.fit, fit));
    const panel = element("section", "sk-map-panel");
    const frame = element("div", "sk-map-frame");
    frame.append(drawing, zoom);
    const layout = element("div", "sk-map-layout");
    layout.append(frame, panel);
    place.append(form, found, kinds, layout);
    place.classList.add("sk-map-open");

    // --- the drawing ----------------------------------------------------------------------------

    let colours = {};

    function look() {
      const style = getComputedStyle(document.body);
      colours = {
        kinds: COLOURS[document.body.dataset.mdColorScheme] ?? COLOURS.default,
        words: style.getPropertyValue("--md-default-fg-color"),
        paper: style.getPropertyValue("--md-default-bg-color"),
        line: "rgb(128 128 128 / 25%)",
        chosen: style.getPropertyValue("--md-accent-fg-color"),
      };
      colours.kinds.forEach((colour, kind) => place.style.setProperty(`--sk-map-${kind}`, colour));
    }

    const ofChosen = ({ source, target }) => source === chosen || target === chosen;
    const shows = (node) => !hidden.has(node.kind);
    const radius = (node) => 3 + Math.min(9, Math.sqrt(node.near.length));
    look();
    const graph = new window.ForceGraph(drawing)
      .width(drawing.clientWidth)
      .height(drawing.clientHeight)
      .cooldownTicks(0)
      .enableNodeDrag(false)
      .enablePointerInteraction(false)
      .nodeVisibility(shows)
      .linkVisibility((link) =>
        shows(link.source) && shows(link.target) && (links.length < MANY_LINKS || ofChosen(link)))
      .linkColor((link) => (ofChosen(link) ? colours.chosen : colours.line))
      .linkWidth((link) => (ofChosen(link) ? 2 : 1))
      .nodeCanvasObject(draw)
      .graphData({ nodes, links });

    function draw(node, context, scale) {
      const lit = !chosen || node === chosen || chosen.near.includes(node);
      context.globalAlpha = lit ? 1 : 0.25;
      context.beginPath();
      context.arc(node.x, node.y, radius(node), 0, 2 * Math.PI);
      context.fillStyle = colours.kinds[node.kind];
      context.fill();
      if (node === chosen) {
        context.lineWidth = 3 / scale;
        context.strokeStyle = colours.words;
        context.stroke();
      }
      const says = chosen ? lit && (node === chosen || chosen.near.indexOf(node) < NAMED)
        : named.has(node) || scale > 2;
      if (says) {
        const size = 12 / scale;
        context.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
        context.textAlign = "center";
        context.textBaseline = "top";
        context.lineWidth = 3 / scale;
        context.strokeStyle = colours.paper;
        context.fillStyle = colours.words;
        const text = node.title.length > 24 ? `${node.title.slice(0, 23)}…` : node.title;
        const y = node.y + radius(node) + 2 / scale;
        context.strokeText(text, node.x, y);
        context.fillText(text, node.x, y);
      }
      context.globalAlpha = 1;
    }

    function show() {
      graph.nodeVisibility(shows); // draws again
    }

    function fit() {
      graph.zoomToFit(300, 24, shows);
    }

    drawing.addEventListener("click", (event) => {
      const { left, top } = drawing.getBoundingClientRect();
      const at = graph.screen2GraphCoords(event.clientX - left, event.clientY - top);
      let best = null;
      let least = NEAR / graph.zoom();
      for (const node of nodes) {
        if (!shows(node)) continue;
        const away = Math.hypot(node.x - at.x, node.y - at.y) - radius(node);
        if (away < least) [best, least] = [node, away];
      }
      choose(best);
    });

    // --- choosing -------------------------------------------------------------------------------

    function choose(node, all = false) {
      chosen = node;
      show();
      panel.replaceChildren();
      if (!node) {
        panel.append(element("p", "", words.nobody));
        return;
      }
      const heading = element("h2", "", node.title);
      heading.tabIndex = -1;
      const near = node.near.filter(shows);
      const says = words.links.replace("{name}", node.title).replace("{count}", near.length);
      const list = element("ul", "sk-map-near");
      list.setAttribute("aria-label", says);
      for (const other of all ? near : near.slice(0, FEW)) list.append(row(other));
      const about = element("p", "sk-map-about");
      about.append(kindOf(node), " · ", words.count.replace("{count}", near.length), " · ");
      about.append(page(node, words.page), " · ");
      about.append(control(words.close, words.close, () => choose(null)));
      panel.append(heading, about, list);
      if (!all && near.length > FEW) {
        const more = words.more.replace("{count}", near.length - FEW);
        panel.append(control(more, more, () => {
          choose(node, true);
          panel.querySelectorAll(".sk-map-near button")[FEW]?.focus();
        }));
      }
    }

    function goTo(node) {
      hidden.delete(node.kind);
      found.replaceChildren();
      status.textContent = "";
      kinds.querySelectorAll("label").forEach((label) => {
        if (label.matches(`.sk-map-k${node.kind}`)) label.firstElementChild.checked = true;
      });
      choose(node);
      graph.centerAt(node.x, node.y, 300);
      if (graph.zoom() < 1) graph.zoom(1, 300);
      panel.querySelector("h2").focus();
    }

    function row(node) {
      const item = element("li");
      item.append(kindOf(node), " ", control(node.title, node.title, () => goTo(node)), " ");
      const link = page(node, "→");
      link.setAttribute("aria-label", `${node.title}: ${words.page}`);
      item.append(link);
      return item;
    }

    function page(node, text) {
      const link = element("a", "", text);
      link.href = new URL(node.url, site);
      return link;
    }

    function kindOf(node) {
      const kind = element("small", `sk-map-kind sk-map-k${node.kind}`);
      kind.append(element("i"), ` ${data.kinds[node.kind]}`);
      return kind;
    }

    function find() {
      const wanted = normal(search.value).split(/\s+/).filter(Boolean);
      const fits = wanted.length
        ? nodes.filter(({ title }) => wanted.every((word) => normal(title).includes(word)))
        : [];
      fits.sort((a, b) => b.near.length - a.near.length);
      found.replaceChildren(...fits.slice(0, FOUND).map(row));
      status.textContent = !wanted.length ? ""
        : fits.length ? words.found.replace("{count}", fits.length) : words.none;
    }

    function count() {
      const shown = nodes.filter(shows).length;
      status.textContent = words.shown.replace("{shown}", shown).replace("{total}", nodes.length);
    }

    // --- moving, and leaving --------------------------------------------------------------------

    const worker = new Worker(new URL("map_worker.js", base));
    let fitted = false;
    worker.addEventListener("message", ({ data: { places, done } }) => {
      nodes.forEach((node, i) => {
        node.x = node.fx = places[2 * i];
        node.y = node.fy = places[2 * i + 1];
      });
      if (!chosen && (!fitted || done)) graph.zoomToFit(0, 24);
      fitted = true;
      show();
      if (done) {
        worker.terminate();
        place.dataset.skMoved = "";
      }
    });
    worker.postMessage({
      places: nodes.flatMap(({ x, y }) => [x, y]), links: data.links, milliseconds: MOVING,
    });
    const resized = new ResizeObserver(() => {
      graph.width(drawing.clientWidth).height(drawing.clientHeight);
    });
    resized.observe(drawing);
    const coloured = new MutationObserver(() => {
      look();
      show();
    });
    coloured.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    choose(null);
    graph.zoomToFit(0, 24);
    search.focus();
    return () => {
      worker.terminate();
      resized.disconnect();
      coloured.disconnect();
      graph._destructor();
    };
  }

  // --- small things -----------------------------------------------------------------------------

  let loading = null;

  // The package writes its styles into the page, which the page's policy refuses. Where a style has
  // the `styleSheet` of old browsers, it hands them over instead.
  function adoptStyles() {
    const handedOver = {
      set cssText(text) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      },
    };
    const get = () => handedOver;
    Object.defineProperty(HTMLStyleElement.prototype, "styleSheet", { configurable: true, get });
  }

  function load(name) {
    loading ??= new Promise((resolve, reject) => {
      const script = element("script");
      script.src = new URL(name, base);
      adoptStyles();
      script.addEventListener("load", () => {
        delete HTMLStyleElement.prototype.styleSheet;
        resolve();
      });
      script.addEventListener("error", () => {
        loading = null;
        reject(new Error(name));
      });
      document.head.append(script);
    });
    return loading;
  }

  async function read(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  }

  function element(name, className = "", text = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function control(text, label, act) {
    const button = element("button", "sk-map-go", text);
    button.type = "button";
    if (label !== text) {
      button.setAttribute("aria-label", label);
      button.title = label;
    }
    button.addEventListener("click", act);
    return button;
  }

  function normal(text) {
    return text.normalize("NFC").toLowerCase();
  }

  function start() {
    leave();
    leave = () => {};
    const place = document.querySelector(".sk-map:not([data-sk-ready])");
    if (!place) return;
    place.dataset.skReady = "";
    setUp(place);
  }

  if (window.document$) window.document$.subscribe(start);
  else start();
})();
