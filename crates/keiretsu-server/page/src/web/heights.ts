// Where boxes stand in their columns: drawn to the mean of their neighbours, order and gaps kept; and where
// lines meet the sides of boxes.

import type { Layers, Node, Segment } from "./order.ts";

const GAP = 12;
const BEND_GAP = 5;
const PART_GAP = 30;
const PORT_GAP = 3;
const ROUNDS = 60;

const gap = (above: Node | undefined, below: Node): number => {
  if (!above) return 0;
  if (above.isBend || below.isBend) return BEND_GAP;
  return above.part === below.part ? GAP : PART_GAP;
};

/** Sets `y` of all nodes; gives the height of the whole. */
export function stand({ columns }: Layers): number {
  const heights = columns.map((column) =>
    column.reduce((all, node, at) => all + node.height + gap(column[at - 1], node), 0),
  );
  const most = Math.max(0, ...heights) * 1.02;
  columns.forEach((column, at) => {
    let y = (most - (heights[at] ?? 0)) / 2;
    column.forEach((node, place) => {
      y += gap(column[place - 1], node);
      node.y = y;
      y += node.height;
    });
  });
  for (let round = 0; round < ROUNDS; round++) {
    const pull = 0.9 * 0.97 ** round;
    const turn = round % 2 === 1 ? [...columns].reverse() : columns;
    for (const column of turn) {
      for (const node of column) node.y += (wanted(node) - node.y) * pull;
      keepApart(column, most);
    }
  }
  return most;
}

function wanted(node: Node): number {
  const weight = node.segments.reduce((all, { width }) => all + width, 0);
  if (weight === 0) return node.y;
  const middle = node.segments.reduce((all, segment) => {
    const other = segment.left === node ? segment.right : segment.left;
    return all + segment.width * (other.y + other.height / 2);
  }, 0);
  return middle / weight - node.height / 2;
}

function keepApart(column: Node[], most: number): void {
  column.forEach((node, at) => {
    const above = column[at - 1];
    const least = above ? above.y + above.height + gap(above, node) : 0;
    node.y = Math.max(node.y, least);
  });
  let limit = most;
  for (let at = column.length - 1; 0 <= at; at--) {
    const node = column[at] as Node;
    node.y = Math.min(node.y, limit - node.height);
    limit = node.y - gap(column[at - 1], node);
  }
}

/** Sets where each segment meets its two nodes: by family, then by where the partner stands. */
export function ports(nodes: Iterable<Node>, rankOf: (line: number) => number): void {
  for (const node of nodes) {
    for (const side of ["left", "right"] as const) {
      const segments = node.segments.filter((segment) => segment[side] === node);
      const middle = (segment: Segment): number => {
        const other = side === "left" ? segment.right : segment.left;
        return other.y + other.height / 2;
      };
      segments.sort((one, other) => rankOf(one.line) - rankOf(other.line) || middle(one) - middle(other));
      const whole = segments.reduce((all, { width }) => all + width + PORT_GAP, -PORT_GAP);
      let y = node.y + node.height / 2 - whole / 2;
      for (const segment of segments) {
        segment[side === "left" ? "leftY" : "rightY"] = y + segment.width / 2;
        y += segment.width + PORT_GAP;
      }
    }
  }
}

/** The height that the lines at the sides of a node need. */
export function portsHeight(node: Node): number {
  const of = (side: "left" | "right"): number =>
    node.segments
      .filter((segment) => segment[side] === node)
      .reduce((all, { width }) => all + width + PORT_GAP, 8);
  return Math.max(of("left"), of("right"));
}
