// Runs chapters in Pyodide under Node, as a reader's browser would, and prints what they printed.
// In, on standard input: {"source": the folder that holds glassloop, "chapters": [[cell, …], …]}.
// Out, on standard output: [[outcome, …], …]. Cells and outcomes are those of glassloop.lab.batch.

import { loadPyodide } from "pyodide";
import { readFileSync } from "node:fs";

const { source, chapters } = JSON.parse(readFileSync(0, "utf8"));
const python = await loadPyodide({
  env: { PYTHONHASHSEED: "0" },
  stdout: (line) => console.error(line),
});
python.mountNodeFS("/source", source);
python.runPython("import sys; sys.dont_write_bytecode = True; sys.path.insert(0, '/source')");
const batch = python.pyimport("glassloop.lab.batch");
const outcomes = chapters.map((cells) => JSON.parse(batch.run_json(JSON.stringify(cells))));
process.stdout.write(JSON.stringify(outcomes));
