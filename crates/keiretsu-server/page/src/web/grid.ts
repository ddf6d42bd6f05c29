// Ties to the rows and columns of the matrix: payers by payees, by group, then by size.

import { widthOf, wrap } from "../charts/measure.ts";
import type { Party } from "../data/wire.ts";
import { GROUPS } from "./roles.ts";
import type { Tie } from "./ties.ts";

export interface Band {
  id: string;
  title: string;
  group: string;
  at: number;
}

export interface Grid {
  rows: Band[];
  columns: Band[];
  cell: number;
  rowHeight: number;
  /** Where cells begin. */
  left: number;
  top: number;
  width: number;
  height: number;
  groups: { group: string; from: number; to: number }[];
  ties: Map<string, Tie[]>;
}

const GROUP_GAP = 6;
const TOTALS = 78;

export function grid(ties: Tie[], parties: Party[], width: number): Grid {
  const role = new Map(parties.map((party) => [party.id, party.role ?? "other"]));
  const title = new Map(parties.map((party) => [party.id, party.title]));
  const size = new Map<string, number>();
  for (const { from, to, most } of ties) {
    size.set(from, (size.get(from) ?? 0) + most);
    size.set(to, (size.get(to) ?? 0) + most);
  }
  const place = (id: string): number =>
    (GROUPS.indexOf(role.get(id) ?? "other") + GROUPS.length) % GROUPS.length;
  const ordered = (ids: string[]): string[] =>
    [...new Set(ids)].sort(
      (one, other) => place(one) - place(other) || (size.get(other) ?? 0) - (size.get(one) ?? 0),
    );
  const payers = ordered(ties.map(({ from }) => from));
  const payees = ordered(ties.map(({ to }) => to));
  const name = (id: string): string => title.get(id) ?? id;
  const left = Math.min(220, Math.max(60, ...payers.map((id) => widthOf(name(id), 12))) + 14);
  const totals = width > 1000 ? TOTALS : 0;
  const gaps = new Set(payees.map((id) => role.get(id))).size * GROUP_GAP;
  const cell = Math.min(44, Math.max(13, (width - left - totals - gaps) / Math.max(1, payees.length)));
  const rowHeight = Math.max(cell * 0.82, 18);
  const top = Math.max(40, ...payees.map((id) => headWidth(name(id), cell))) + 34;
  const bands = (ids: string[], from: number, step: number): Band[] => {
    let at = from;
    let group = "";
    return ids.map((id) => {
      const own = role.get(id) ?? "other";
      if (group !== "" && own !== group) at += GROUP_GAP;
      group = own;
      const band = { id, title: name(id), group: own, at };
      at += step;
      return band;
    });
  };
  const columns = bands(payees, left, cell);
  const rows = bands(payers, top, rowHeight);
  const byCell = new Map<string, Tie[]>();
  for (const tie of ties) {
    const name = `${tie.from}>${tie.to}`;
    byCell.set(name, [...(byCell.get(name) ?? []), tie]);
  }
  const end = (columns.at(-1)?.at ?? left) + cell;
  return {
    rows,
    columns,
    cell,
    rowHeight,
    left,
    top,
    width: end + totals,
    height: (rows.at(-1)?.at ?? top) + rowHeight + 8,
    groups: groupsOf(columns, cell),
    ties: byCell,
  };
}

/** Lines of a head that stands upright: two where there is room for them. */
export const headLines = (title: string, cell: number): string[] => {
  const lines = wrap(title, 110, 12);
  return cell >= 26 && lines.length === 2 ? lines : [title];
};

const headWidth = (title: string, cell: number): number =>
  Math.max(...headLines(title, cell).map((line) => widthOf(line, 12)));

function groupsOf(columns: Band[], cell: number) {
  const found: { group: string; from: number; to: number }[] = [];
  for (const { group, at } of columns) {
    const last = found.at(-1);
    if (last?.group === group) last.to = at + cell;
    else found.push({ group, from: at, to: at + cell });
  }
  return found;
}
