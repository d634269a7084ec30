// Turns stills into figures to touch: `<img data-figure="NAME">` becomes what figures/NAME.js makes
// of it. Where that fails, or without JavaScript, the still stays.

const NAME = /^[a-z0-9-]+$/;
let style = null;

/** Replaces each still of the page that is not replaced yet. */
export async function showFigures() {
  const stills = document.querySelectorAll("img[data-figure]:not([data-sk-ready])");
  for (const still of stills) still.dataset.skReady = "";
  await Promise.all([...stills].map(show));
}

async function show(still) {
  const name = still.dataset.figure;
  if (!NAME.test(name)) return;
  try {
    const [{ makeFigure }] = await Promise.all([import(`./figures/${name}.js`), (style ??= load())]);
    // What a figure needs beside its script stands beside its still.
    const data = (suffix) => new URL(still.src.replace(/\.[a-z]+$/, suffix));
    const figure = document.createElement("figure");
    figure.className = `sk-figure sk-figure-${name}`;
    figure.setAttribute("role", "group");
    await makeFigure(figure, { data, language: language() });
    // The still may stand in a paragraph, which no figure may.
    const place = still.closest("p") ?? still;
    place.after(figure);
    still.hidden = true;
    if (place !== still && !place.textContent.trim()) place.hidden = true;
  } catch (error) {
    console.error(`The figure ${name} stays a still:`, error);
  }
}

function language() {
  return document.documentElement.lang.startsWith("ko") ? "ko" : "en";
}

function load() {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("figures.css", import.meta.url);
  document.head.append(link);
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", reject);
  });
}

// Canvases are painted in the colours of the scheme: again when it changes.
new MutationObserver(() => {
  for (const figure of document.querySelectorAll(".sk-figure")) {
    figure.dispatchEvent(new Event("sk-repaint"));
  }
}).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
