// Builds the pages' scripts and styles into build/static/glassloop. File names carry no hash:
// the service worker and the pages ask for them by these names, and the server revalidates them.

import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const into = here("../build/static/glassloop/");

const pyodide = JSON.parse(await readFile(here("node_modules/pyodide/package.json"), "utf8"));

const shared = {
  absWorkingDir: here("."),
  outdir: into,
  bundle: true,
  format: "esm",
  target: ["chrome114", "firefox115", "safari16.4"],
  minify: true,
  sourcemap: false,
  legalComments: "none",
  define: {
    "process.env.NODE_ENV": '"production"',
    PYODIDE_VERSION: JSON.stringify(pyodide.version),
  },
  logLevel: "warning",
};

// The book's type, from the packages that carry it (SIL Open Font License).
const fonts = {
  "source-serif-4": ["latin-wght-normal", "latin-wght-italic"],
  "jetbrains-mono": ["latin-wght-normal"],
};

// The viewer carries its style sheet as text: it is one file, wherever it stands.
const styleAsText = {
  name: "style-as-text",
  setup({ onLoad }) {
    onLoad({ filter: /viewer\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: shared.target });
      return { contents: code, loader: "text" };
    });
  },
};

const modules = ["page.ts", "editor.ts", "exercises.ts", "worker.ts", "page.css"];

await Promise.all(
  [...modules.map((name) => name.replace(/\.ts$/, ".js")), "sw.js", "viewer.js"].map((name) =>
    rm(into + name, { force: true }),
  ),
);
await Promise.all([
  build({ ...shared, entryPoints: modules.map((name) => `src/${name}`) }),
  // A classic script: module service workers are not known to every browser yet.
  build({ ...shared, entryPoints: ["src/sw.ts"], format: "iife" }),
  build({ ...shared, entryPoints: ["src/viewer/viewer.ts"], plugins: [styleAsText] }),
]);

const fontsInto = here("../build/static/fonts/");
await mkdir(fontsInto, { recursive: true });
for (const [family, styles] of Object.entries(fonts)) {
  for (const style of styles) {
    const name = `${family}-${style}.woff2`;
    await copyFile(here(`node_modules/@fontsource-variable/${family}/files/${name}`), fontsInto + name);
  }
}
