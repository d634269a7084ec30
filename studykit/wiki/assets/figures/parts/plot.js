// A small line chart over t, as SVG: its colours are the page's, so that it fits either scheme.

const WIDTH = 320;
const HEIGHT = 140;
const LEFT = 42;
const RIGHT = 8;
const TOP = 26;
const BOTTOM = 26;
const POINTS = 240;

/**
 * A chart of one quantity.
 *
 * @param {string} title Shown above it.
 * @param {{low: number, high: number, ticks: [number, string][]}} axis Where values lie.
 * @param {(share: number) => void} pick Called where the reader points, as a share of the width.
 */
export function plot(title, axis, pick) {
  const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
  const heading = element("text", { x: LEFT, y: 15, class: "sk-plot-title" });
  heading.textContent = title;
  const grid = element("g", { class: "sk-plot-grid" });
  const reference = element("path", { class: "sk-plot-reference" });
  const line = element("path", { class: "sk-plot-line" });
  const mark = element("line", { class: "sk-plot-mark", y1: TOP, y2: HEIGHT - BOTTOM });
  const dot = element("circle", { class: "sk-plot-dot", r: 5 });
  const ends = ["start", "end"].map((anchor) =>
    element("text", { y: HEIGHT - 8, "text-anchor": anchor, class: "sk-plot-tick" }),
  );
  ends[0].setAttribute("x", LEFT);
  ends[1].setAttribute("x", WIDTH - RIGHT);
  svg.append(heading, grid, reference, line, mark, dot, ...ends);

  let { low, high } = axis;
  const right = (share) => LEFT + share * (WIDTH - LEFT - RIGHT);
  const up = (value) => {
    const share = (Math.min(Math.max(value, low), high) - low) / (high - low);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  };

  function scale(next) {
    ({ low, high } = next);
    grid.replaceChildren(
      ...next.ticks.flatMap(([value, text]) => {
        const rule = element("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: up(value), y2: up(value) });
        const label = element("text", { x: LEFT - 5, y: up(value) + 4, "text-anchor": "end" });
        label.setAttribute("class", "sk-plot-tick");
        label.textContent = text;
        return [rule, label];
      }),
    );
  }

  // The values at t = first, ..., T, thinned to what the eye can see.
  function path({ T, first, at }) {
    const count = Math.min(POINTS, T - first);
    const points = Array.from({ length: count + 1 }, (_, i) => {
      const t = first + Math.round((i * (T - first)) / count);
      return `${right(t / T).toFixed(1)} ${up(at(t)).toFixed(1)}`;
    });
    return `M${points.join("L")}`;
  }

  function point(event) {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * WIDTH;
    pick(Math.min(Math.max((x - LEFT) / (WIDTH - LEFT - RIGHT), 0), 1));
  }
  svg.addEventListener("pointerdown", point);
  svg.addEventListener("pointermove", (event) => event.buttons && point(event));

  scale(axis);
  return {
    element: svg,
    scale,
    /** Draws a series and one to hold it against; each is { T, first, at(t) }. */
    draw(series, other) {
      line.setAttribute("d", path(series));
      reference.setAttribute("d", path(other));
      ends[0].textContent = "t = 0";
      ends[1].textContent = `T = ${series.T}`;
    },
    /** Marks one place, and says what stands there. */
    mark(t, T, value, said) {
      for (const name of ["x1", "x2"]) mark.setAttribute(name, right(t / T));
      dot.setAttribute("cx", right(t / T));
      dot.setAttribute("cy", up(value));
      svg.setAttribute("aria-label", said);
    },
  };
}

function element(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
