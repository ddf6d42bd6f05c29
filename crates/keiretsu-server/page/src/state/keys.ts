// Keys and what they do. Letters do nothing while words are written.

import { SCREENS, type Screen, TITLES } from "../data/place.ts";

export type Act = Screen | "keys" | "theme" | "undo" | "redo" | "base" | "find" | "close";

const ACTS: Record<string, Act> = {
  "?": "keys",
  d: "theme",
  z: "undo",
  Z: "redo",
  b: "base",
  "/": "find",
  Escape: "close",
};

export const LISTED: [string, string][] = [
  ...SCREENS.map((screen, at): [string, string] => [String(at + 1), TITLES[screen]]),
  ["Tab", "to the next number, party or control; Enter opens what it rests on"],
  ["Esc", "close what stands in front"],
  ["/", "to the first choice of the screen, such as the party"],
  ["z, Z", "undo, redo the last change of words"],
  ["b", "back to the words of the model"],
  ["← →", "on a slider: a step down or up; with Shift ten"],
  ["d", "dark or light"],
  ["?", "this list"],
];

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("[data-editor]")) return true;
  return target.matches("textarea, select, input:not([type=range]):not([type=checkbox])");
}

export function keyOf(event: KeyboardEvent): Act | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.key === "Escape") return "close";
  if (isWriting(event.target)) return null;
  return ACTS[event.key] ?? SCREENS[Number(event.key) - 1] ?? null;
}
