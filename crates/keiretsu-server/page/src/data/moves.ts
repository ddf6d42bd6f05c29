// Two answers to one question, in other words: which numbers differ, the largest relative difference first.

import type { Answer, Cell, Row, Table } from "./table.ts";

export interface Move {
  address: string;
  title: string;
  sub: string;
  before: Cell;
  after: Cell;
}

/** Numbers that are watched: of one table of a measure, some columns, one row for each of its keys. */
export interface Watched {
  measure: string;
  table: string;
  columns: string[];
  /** Only rows with these words, such as one reading. */
  where?: Record<string, string>;
  /** Of rows that differ in their period only, the last. */
  isLast?: boolean;
}

const SAME = 5e-4;

export function moves(before: Answer, after: Answer, watched: Watched): { moved: Move[]; still: Move[] } {
  const pairs = both(before.table(watched.table), after.table(watched.table), watched);
  const moved = pairs.filter(({ before, after }) => isMoved(before, after));
  const still = pairs.filter(({ before, after }) => !isMoved(before, after));
  return { moved, still };
}

export function relative(move: Move): number {
  const [from, into] = [move.before.value, move.after.value];
  if (from === null || into === null) return 1e6;
  return Math.abs(into - from) / Math.max(Math.abs(from), 1e-9);
}

function isMoved(before: Cell, after: Cell): boolean {
  if (before.state !== after.state) return true;
  if (before.value === null || after.value === null) return false;
  return (
    Math.abs(after.value - before.value) > SAME * Math.max(Math.abs(before.value), Math.abs(after.value))
  );
}

function both(before: Table | undefined, after: Table | undefined, watched: Watched): Move[] {
  if (!before || !after) return [];
  const rows = chosen(after, watched);
  const found = new Map(chosen(before, watched).map((row) => [nameOf(row), row]));
  return rows.flatMap((row) => {
    const from = found.get(nameOf(row));
    if (!from) return [];
    return watched.columns.map((key) => moveOf(from, row, key)).filter(({ after }) => after.state !== "none");
  });
}

function moveOf(from: Row, row: Row, key: string): Move {
  const column = row.table.columns.find((each) => each.key === key);
  const words = row.table.keyColumns.map(({ key }) => row.text(key)).filter((word) => word !== "");
  const title = `${words[0] ?? ""}: ${column?.title || key}`;
  const sub = words.slice(1).join(", ");
  return { address: row.cell(key).address, title, sub, before: from.cell(key), after: row.cell(key) };
}

function chosen(table: Table, { where = {}, isLast }: Watched): Row[] {
  const rows = table.where(where);
  if (!isLast) return rows;
  const last = new Map(rows.map((row) => [row.keys[0], row]));
  return [...last.values()];
}

const nameOf = (row: Row): string => `${row.keys.join(" ")} ${row.ordinal}`;
