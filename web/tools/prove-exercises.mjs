// Proves exercises in Pyodide under Node, as glassloop.exercises.proof does in another Python.
// In, on standard input: {"source": the folder that holds glassloop, "exercises": {name: text, …}}.
// Out, on standard output: a list of what is wrong.

import { loadPyodide } from "pyodide";
import { readFileSync } from "node:fs";

const { source, exercises } = JSON.parse(readFileSync(0, "utf8"));
const python = await loadPyodide({ stdout: (line) => console.error(line) });
python.mountNodeFS("/source", source);
python.runPython("import sys; sys.dont_write_bytecode = True; sys.path.insert(0, '/source')");
const proof = python.pyimport("glassloop.exercises.proof");
process.stdout.write(proof.run_json(JSON.stringify(exercises)));
