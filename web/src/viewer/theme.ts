/** Knows whether the place where the viewer stands is light or dark: a page of the book, Jupyter,
 * VS Code, or a page of nobody's. */

export type Theme = "light" | "dark";

const dark = matchMedia("(prefers-color-scheme: dark)");

export function themeOf(body: HTMLElement): Theme {
  const { theme, jpThemeLight, vscodeThemeKind } = body.dataset;
  if (theme === "light" || theme === "dark") return theme;
  if (jpThemeLight !== undefined) return jpThemeLight === "true" ? "light" : "dark";
  if (vscodeThemeKind !== undefined) return vscodeThemeKind.includes("light") ? "light" : "dark";
  return dark.matches ? "dark" : "light";
}

/** Calls back now and whenever the theme changes. Gives what ends this. */
export function followTheme(changed: (theme: Theme) => void): () => void {
  const tell = () => changed(themeOf(document.body));
  const watcher = new MutationObserver(tell);
  watcher.observe(document.body, { attributes: true, attributeFilter: ["data-theme", "data-jp-theme-light", "data-vscode-theme-kind"] });
  dark.addEventListener("change", tell);
  tell();
  return () => {
    watcher.disconnect();
    dark.removeEventListener("change", tell);
  };
}
