// Rows of coverage to pairs: what an investor put into a party, and what contracts bring back.

import { type Amount, proved, provedEnd, worded } from "../data/amount.ts";
import type { Cell, Row, Table } from "../data/table.ts";

export interface Pair {
  investor: string;
  party: string;
  putIn: Span;
  back: Span;
  multiple: Cell;
  row: Row;
}

/** What is firm of an amount, and all of it with conditions met. */
export interface Span {
  firm: Cell;
  headline: Cell;
}

export function pairsOf(coverage: Table): Pair[] {
  const byPair = new Map<string, Row[]>();
  for (const row of coverage.rows) {
    const name = `${row.id("investor")} ${row.id("party")}`;
    byPair.set(name, [...(byPair.get(name) ?? []), row]);
  }
  const pairs = [...byPair.values()].map(pairOf).filter((pair) => pair !== null);
  return pairs.sort((one, other) => sizeOf(other) - sizeOf(one));
}

function pairOf(rows: Row[]): Pair | null {
  const of = (reading: string): Row | undefined => rows.find((row) => row.text("put_in_reading") === reading);
  const firm = of("firm") ?? rows[0];
  const headline = of("headline") ?? firm;
  if (!firm || !headline) return null;
  return {
    investor: firm.text("investor"),
    party: firm.text("party"),
    putIn: { firm: firm.cell("put_in"), headline: headline.cell("put_in") },
    back: { firm: firm.cell("back"), headline: headline.cell("back") },
    multiple: firm.cell("coverage"),
    row: firm,
  };
}

/** Length of an amount in a chart: its proved end, at least nothing; null where nothing is known. */
export function lengthOf(amount: Amount): number | null {
  if (amount.state !== "known") return null;
  const { value } = provedEnd(amount);
  return value === null ? null : Math.max(0, value);
}

export const longest = ({ firm, headline }: Span): number =>
  Math.max(lengthOf(firm) ?? 0, lengthOf(headline) ?? 0);

const sizeOf = (pair: Pair): number => longest(pair.back) * 2 + longest(pair.putIn);

/** A span in words: "$13B to $33B", "0 to $5B", "≥$100B", "unknown". */
export function spanWords({ firm, headline }: Span): string {
  if (firm.state === "unknown" && headline.state === "unknown") return "unknown";
  if (firm.state === "unknown") {
    return headline.bound === null
      ? `${proved(headline).slice(1)} as read, rest unknown`
      : `unknown, ${proved(headline)}`;
  }
  const low = lengthOf(firm) ?? 0;
  const high = lengthOf(headline) ?? 0;
  if (headline.state === "unknown") return `${low === 0 ? "$0" : proved(firm)}, rest unknown`;
  if (high <= low * 1.005) return proved(firm);
  return `${low === 0 ? worded(0, firm.unit) : proved(firm)} to ${proved(headline).replace(/^[≤≲]/, "")}`;
}
