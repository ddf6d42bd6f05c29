// A statement's dotted path to its line in the text: the table of its head, then its key.

import { session } from "../state/session.svelte.ts";

export interface Line {
  path: string;
  line: number;
}

/** The line of the longest part of the path that is found; null where none is. */
export function lineOf(statement: string): Line | null {
  const names = statement.split(/\.(?![^"]*"(?:[^"]*"[^"]*")*[^"]*$)/);
  for (const { path, text } of session.model?.files ?? []) {
    const line = lineIn(text, names);
    if (line !== null) return { path, line };
  }
  return null;
}

function lineIn(text: string, names: string[]): number | null {
  const [head = "", ...rest] = names;
  let table: string[] = [];
  let best: number | null = null;
  let depth = 0;
  text.split("\n").forEach((line, at) => {
    const header = /^\s*\[([^[\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) table = header.split(".").map((word) => word.trim().replaceAll('"', ""));
    const key = /^\s*"?([\w-]+)"?\s*=/.exec(line)?.[1];
    const path = key === undefined ? table : [...table, key];
    const from = path.indexOf(head);
    if (from < 0 || (header === undefined && key === undefined)) return;
    const below = path.slice(from + 1);
    const isOnTheWay = below.every((word, place) => word === rest[place]);
    if (!isOnTheWay || (best !== null && below.length <= depth)) return;
    best = at + 1;
    depth = below.length;
  });
  return best;
}
