// Ties to boxes and paths of the drawing in columns.

import { widthOf, wrap } from "../charts/measure.ts";
import { inline } from "../data/amount.ts";
import type { Party } from "../data/wire.ts";
import { ports, portsHeight, stand } from "./heights.ts";
import { layers, type Node } from "./order.ts";
import { headOf, PLACES, type Spot, spotOf } from "./roles.ts";
import { isStakeOnly, type Tie, total } from "./ties.ts";

export interface BoxDrawn {
  id: string;
  name: string[];
  /** What it gets and pays in all, where nothing is in focus. */
  lines: string[];
  x: number;
  y: number;
  height: number;
}

export interface LineDrawn {
  tie: Tie;
  path: string;
  width: number;
  firmWidth: number;
  head: { x: number; y: number; sign: number };
}

export interface Drawn {
  width: number;
  height: number;
  boxWidth: number;
  columns: { x: number; lines: string[] }[];
  boxes: BoxDrawn[];
  lines: LineDrawn[];
}

const TOP = 46;
const WIDEST_GAP = 300;
const HEAD = 7;
const RANK = { cap: 0, svc: 1, gua: 2 };
const NAME = 14;
const WORD = 13;

export function drawn(ties: Tie[], all: Tie[], parties: Party[], width: number): Drawn {
  const boxWidth = width >= 1500 ? 136 : width >= 1100 ? 118 : 104;
  const most = Math.max(1, ...ties.map((tie) => tie.most));
  const widest = width >= 1100 ? 16 : 12;
  const widthOfTie = (tie: Tie): number =>
    tie.isUnknown ? 1.2 : Math.max(1.4, widest * Math.sqrt(tie.most / most));
  const active = new Set(ties.flatMap(({ from, to }) => [from, to]));
  const shown = parties.filter(({ id }) => active.has(id));
  const texts = new Map(shown.map((party) => [party.id, textOf(party, all, ties, boxWidth)]));
  const boxes = shown.map((party) => {
    const text = texts.get(party.id);
    const height = (text?.name.length ?? 1) * NAME + (text?.room ?? 1) * WORD + 12;
    return { id: party.id, ...spot(party, ties, parties), height };
  });
  const lines = ties.map((tie) => ({ from: tie.from, to: tie.to, width: widthOfTie(tie) }));
  // Columns without a party take no room.
  const used = PLACES.filter((at) => boxes.some(({ column }) => column === at));
  const heads = used.map((column) => headOf(column, boxes));
  for (const box of boxes) box.column = used.indexOf(box.column);
  const space = Math.min(WIDEST_GAP, (width - used.length * boxWidth) / Math.max(1, used.length - 1));
  const order = layers(boxes, lines, used.length);
  for (const node of order.nodes.values()) node.height = Math.max(node.height, portsHeight(node));
  const height = stand(order);
  ports(order.nodes.values(), (line) => RANK[ties[line]?.family ?? "svc"]);
  const x = (column: number): number => column * (boxWidth + space);
  return {
    width,
    height: height + TOP + 12,
    boxWidth,
    columns: heads.map((head, at) => ({ x: x(at), lines: wrap(head, boxWidth + 8, 13, "600") })),
    boxes: [...order.nodes.values()].map((node) => ({
      id: node.id,
      name: texts.get(node.id)?.name ?? [],
      lines: texts.get(node.id)?.lines ?? [],
      x: x(node.column),
      y: node.y + TOP,
      height: node.height,
    })),
    lines: ties
      .map((tie, at) => {
        const lineWidth = widthOfTie(tie);
        const chain = order.chains[at];
        const ends = [order.nodes.get(tie.from), order.nodes.get(tie.to)] as [Node, Node];
        const shape = chain
          ? across(chain, at, ends[0] === chain[0], x, boxWidth)
          : arc(ends[0], ends[1], x(ends[0].column) + boxWidth, space);
        const firmWidth = tie.most > 0 ? Math.max(1.2, widest * Math.sqrt(tie.least / most)) : 0;
        return { tie, width: lineWidth, firmWidth: tie.least > tie.most * 0.01 ? firmWidth : 0, ...shape };
      })
      .sort((one, other) => other.width - one.width),
  };
}

// A lender of those at the left stands with the investors: its lines would cross all columns.
function spot(party: Party, ties: Tie[], parties: Party[]): Spot {
  const found = spotOf(party.role);
  if (party.role !== "lender") return found;
  const role = (id: string): string | null => parties.find((each) => each.id === id)?.role ?? null;
  const columns = ties.filter(({ from }) => from === party.id).map(({ to }) => spotOf(role(to)).column);
  const mean = columns.reduce((all, column) => all + column, 0) / Math.max(1, columns.length);
  return columns.length > 0 && mean < 1.5 ? spotOf("lender of these") : found;
}

function textOf(party: Party, all: Tie[], ties: Tie[], boxWidth: number) {
  const name = wrap(party.title, boxWidth - 14, 12, "600");
  const gets = all.filter(({ to }) => to === party.id);
  const pays = all.filter(({ from }) => from === party.id);
  const words = (verb: string, list: Tie[]): string[] => {
    const amount = total(list);
    const counted = list.some((tie) => tie.family !== "gua" && !isStakeOnly(tie));
    if (!counted || amount.value === 0) return [];
    const text = `${verb} ${inline(amount)}`;
    return widthOf(text, 11) <= boxWidth - 12 ? [text] : wrap(text, boxWidth - 12, 11);
  };
  const lines = [...words("gets", gets), ...words("pays", pays)];
  const shared = new Map<string, number>();
  for (const { from, to } of ties) {
    if (from !== party.id && to !== party.id) continue;
    const other = from === party.id ? to : from;
    shared.set(other, (shared.get(other) ?? 0) + 1);
  }
  const room = Math.max(1, lines.length, Math.min(3, Math.max(0, ...shared.values())));
  return { name, lines, room };
}

type Shape = Pick<LineDrawn, "path" | "head">;

function across(
  chain: Node[],
  line: number,
  isRight: boolean,
  x: (column: number) => number,
  box: number,
): Shape {
  const spans = chain.slice(0, -1).map((node, at) => {
    const next = chain[at + 1] as Node;
    const segment = node.segments.find((each) => each.line === line && each.left === node);
    const from = node.isBend ? node.y + node.height / 2 : (segment?.leftY ?? 0);
    const to = next.isBend ? next.y + next.height / 2 : (segment?.rightY ?? 0);
    return { x1: x(node.column) + box, y1: from + TOP, x2: x(next.column), y2: to + TOP };
  });
  const inOrder = isRight
    ? spans
    : [...spans].reverse().map(({ x1, y1, x2, y2 }) => ({ x1: x2, y1: y2, x2: x1, y2: y1 }));
  const sign = isRight ? 1 : -1;
  const last = inOrder.at(-1) ?? { x1: 0, y1: 0, x2: 0, y2: 0 };
  const head = { x: last.x2, y: last.y2, sign };
  const path = inOrder
    .map(({ x1, y1, x2, y2 }, at) => {
      const end = at === inOrder.length - 1 ? x2 - HEAD * sign : x2;
      const middle = (x1 + end) / 2;
      const start = `${at === 0 ? "M" : "L"}${x1.toFixed(1)},${y1.toFixed(1)}`;
      const point = (px: number, py: number): string => `${px.toFixed(1)},${py.toFixed(1)}`;
      return `${start}C${point(middle, y1)} ${point(middle, y2)} ${point(end, y2)}`;
    })
    .join("");
  return { path, head };
}

function arc(from: Node, to: Node, x: number, space: number): Shape {
  const out = Math.min(space * 0.55, 26 + Math.abs(from.y - to.y) * 0.06);
  const isDown = from.y < to.y;
  const y1 = from.y + from.height * (isDown ? 0.8 : 0.2) + TOP;
  const y2 = to.y + to.height * (isDown ? 0.2 : 0.8) + TOP;
  const path = `M${x},${y1}C${x + out},${y1} ${x + out},${y2} ${x + HEAD},${y2}`;
  return { path, head: { x, y: y2, sign: -1 } };
}
