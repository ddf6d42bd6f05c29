// Sums of amounts as sums of sets: an undisclosed part adds nothing to what is read and opens the set.

import type { Amount } from "./amount.ts";
import type { Bound } from "./wire.ts";

const VAGUE = new Set<Bound>(["~", "≳", "≲"]);
const NOISE = 1e-9;

export function sum(parts: Amount[]): Amount {
  const unit = parts.find((part) => part.unit)?.unit ?? null;
  const counted = parts.filter(({ state }) => state !== "none");
  if (counted.length === 0) return { value: 0, bound: "=", low: 0, high: 0, state: "known", unit };
  const ends = (key: "low" | "high"): number | null =>
    counted.some((part) => part[key] === null)
      ? null
      : counted.reduce((all, part) => all + (part[key] ?? 0), 0);
  const [low, high] = [ends("low"), ends("high")];
  const read = counted.filter(({ value, state }) => value !== null && state === "known");
  if (read.length === 0) return { value: null, bound: null, low, high, state: "unknown", unit };
  const value = read.reduce((all, part) => all + (part.value ?? 0), 0);
  const isVague = read.some(({ bound }) => VAGUE.has(bound));
  return { value, bound: boundOf(value, low, high, isVague), low, high, state: "known", unit };
}

/** The mark of an amount, from where it stands in its set. */
export function boundOf(value: number, low: number | null, high: number | null, isVague: boolean): Bound {
  const isEnd = (end: number | null): boolean =>
    end !== null && Math.abs(end - value) <= NOISE * Math.max(1, Math.abs(value));
  if (isEnd(low) && isEnd(high)) return isVague ? "~" : "=";
  if (isEnd(low)) return isVague ? "≳" : "≥";
  if (isEnd(high)) return isVague ? "≲" : "≤";
  return null;
}
