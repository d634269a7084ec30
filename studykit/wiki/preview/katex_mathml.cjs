// Reads [[tex, display], …] on stdin; prints each as MathML, or null where KaTeX cannot read it.
const katex = require(process.argv[1]);
const formulas = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const shown = formulas.map(([tex, displayMode]) => {
  try {
    return katex.renderToString(tex, {
      displayMode, output: "mathml", throwOnError: true, strict: "ignore", trust: false, maxExpand: 1000,
    });
  } catch {
    return null;
  }
});
process.stdout.write(JSON.stringify(shown));
