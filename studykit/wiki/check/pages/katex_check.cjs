// Reads [[tex, display], …] on stdin; prints for each null, or what KaTeX says and where.
// The same options as on the page, but that an error is one.
const katex = require(process.argv[1]);
const formulas = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const told = formulas.map(([tex, displayMode]) => {
  try {
    katex.renderToString(tex, { displayMode, throwOnError: true, strict: "ignore", trust: false, maxExpand: 1000 });
    return null;
  } catch (error) {
    const message = String(error.message || error)
      .replace(/^KaTeX parse error: /, "")
      .replace(/ at (?:position \d+|end of input):[\s\S]*$/, "");
    return { message, position: Number.isInteger(error.position) ? Math.min(error.position, tex.length) : 0 };
  }
});
process.stdout.write(JSON.stringify(told));
