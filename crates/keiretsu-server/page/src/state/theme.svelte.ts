// Light or dark: as the system has it, until a reader chooses.

const KEPT = "keiretsu-theme";
type Name = "light" | "dark";

const system = (): Name => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
const kept = localStorage.getItem(KEPT);

class Theme {
  name = $state<Name>(kept === "light" || kept === "dark" ? kept : system());
}

export const theme = new Theme();

export function setTheme(): void {
  theme.name = theme.name === "dark" ? "light" : "dark";
  localStorage.setItem(KEPT, theme.name);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  if (localStorage.getItem(KEPT) === null) theme.name = system();
});
