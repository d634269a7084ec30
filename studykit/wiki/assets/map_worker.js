// Moves the dots of the map apart, and what is linked together. It stops by the clock: a slow phone
// gets a rougher map, not a longer wait.
"use strict";

importScripts(
  "map/d3-dispatch.min.js",
  "map/d3-quadtree.min.js",
  "map/d3-timer.min.js",
  "map/d3-force.min.js",
);

const SHOW_EVERY = 250;

onmessage = ({ data: { places, links, milliseconds } }) => {
  const nodes = [];
  for (let i = 0; i < places.length; i += 2) nodes.push({ x: places[i], y: places[i + 1] });
  const pairs = [];
  for (let i = 0; i < links.length; i += 2) pairs.push({ source: links[i], target: links[i + 1] });
  const { d3 } = self;
  const simulation = d3
    .forceSimulation(nodes)
    .force("link", d3.forceLink(pairs).distance(30))
    .force("charge", d3.forceManyBody().strength(-40).theta(1.2).distanceMax(600))
    .force("x", d3.forceX().strength(0.03))
    .force("y", d3.forceY().strength(0.03))
    .stop();
  const start = performance.now();
  let last = start;
  let now = start;
  while (simulation.alpha() > simulation.alphaMin() && now - start < milliseconds) {
    simulation.tick();
    now = performance.now();
    if (now - last > SHOW_EVERY) {
      last = now;
      send(false);
    }
  }
  send(true);

  function send(done) {
    const moved = Float32Array.from(nodes.flatMap(({ x, y }) => [x, y]));
    postMessage({ places: moved, done }, [moved.buffer]);
  }
};
