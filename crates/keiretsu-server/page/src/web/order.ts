// The order of boxes in columns, so that few lines cross: a line over more than one column gets a bend in
// each (Sugiyama, Tagawa and Toda 1981); barycentre sweeps, then swaps of neighbours while weighted crossings
// fall.

export interface Node {
  id: string;
  column: number;
  part: number;
  height: number;
  isBend: boolean;
  order: number;
  y: number;
  segments: Segment[];
}

export interface Segment {
  left: Node;
  right: Node;
  width: number;
  line: number;
  leftY: number;
  rightY: number;
}

export interface Box {
  id: string;
  column: number;
  part: number;
  height: number;
}

export interface Line {
  from: string;
  to: string;
  width: number;
}

export interface Layers {
  columns: Node[][];
  nodes: Map<string, Node>;
  /** The nodes of each line from left to right; none where both ends stand in one column. */
  chains: (Node[] | null)[];
}

const SWEEPS = 30;
const ROUNDS = 8;
const BEND_GAP = 5;

export function layers(boxes: Box[], lines: Line[], columnCount: number): Layers {
  const columns: Node[][] = Array.from({ length: columnCount }, () => []);
  const nodes = new Map<string, Node>();
  const add = (box: Box, isBend: boolean): Node => {
    const node = { ...box, isBend, order: 0, y: 0, segments: [] };
    columns[box.column]?.push(node);
    return node;
  };
  for (const box of boxes) nodes.set(box.id, add(box, false));
  const chains = lines.map((line, at) => {
    const [from, to] = [nodes.get(line.from), nodes.get(line.to)];
    if (!from || !to || from.column === to.column) return null;
    const [left, right] = from.column < to.column ? [from, to] : [to, from];
    const bends = Array.from({ length: right.column - left.column - 1 }, (_, step) =>
      add({ id: `${at}`, column: left.column + 1 + step, part: 0, height: line.width + BEND_GAP }, true),
    );
    const chain = [left, ...bends, right];
    chain.slice(1).forEach((next, place) => {
      const before = chain[place] as Node;
      const segment = { left: before, right: next, width: line.width, line: at, leftY: 0, rightY: 0 };
      before.segments.push(segment);
      next.segments.push(segment);
    });
    return chain;
  });
  const result = { columns, nodes, chains };
  sweep(result);
  swap(result);
  return result;
}

const number = (column: Node[]): void => {
  column.forEach((node, order) => {
    node.order = order;
  });
};

function sweep(layers: Layers): void {
  const { columns } = layers;
  for (const column of columns) number(column);
  const count = columns.length;
  const all = Array.from({ length: count - 1 }, (_, at) => at);
  let best = Number.POSITIVE_INFINITY;
  let kept = columns.map((column) => [...column]);
  for (let turn = 0; turn < SWEEPS; turn++) {
    const toLeft = turn % 2 === 1;
    for (let step = 1; step < count; step++) {
      const at = toLeft ? count - 1 - step : step;
      const column = columns[at] ?? [];
      const keys = new Map(column.map((node) => [node, barycentre(node, toLeft, columns)]));
      column.sort((one, other) => apart(one, other) || (keys.get(one) ?? 0) - (keys.get(other) ?? 0));
      number(column);
    }
    const crossed = crossings(columns, all);
    if (crossed < best) {
      best = crossed;
      kept = columns.map((column) => [...column]);
    }
  }
  kept.forEach((column, at) => {
    columns[at] = column;
    number(column);
  });
}

// Parts of a column stay apart; bends go anywhere.
const apart = (one: Node, other: Node): number => (one.isBend || other.isBend ? 0 : one.part - other.part);

function barycentre(node: Node, toLeft: boolean, columns: Node[][]): number {
  const facing = node.segments.filter((segment) => (toLeft ? segment.left : segment.right) === node);
  const used = facing.length > 0 ? facing : node.segments;
  const weight = used.reduce((all, { width }) => all + width, 0);
  if (weight === 0) return node.order;
  const sum = used.reduce((all, segment) => {
    const other = segment.left === node ? segment.right : segment.left;
    const most = Math.max(1, (columns[other.column]?.length ?? 1) - 1);
    return all + (segment.width * other.order * 10) / most;
  }, 0);
  return sum / weight;
}

/** Weighted crossings between each of these columns and the next. */
export function crossings(columns: Node[][], which: number[]): number {
  let all = 0;
  for (const at of which) {
    const segments = (columns[at] ?? []).flatMap((node) => node.segments.filter(({ left }) => left === node));
    for (let one = 0; one < segments.length; one++) {
      for (let other = one + 1; other < segments.length; other++) {
        const [a, b] = [segments[one] as Segment, segments[other] as Segment];
        const isCrossed = (a.left.order - b.left.order) * (a.right.order - b.right.order) < 0;
        if (isCrossed) all += Math.sqrt(Math.min(a.width, b.width));
      }
    }
  }
  return all;
}

function swap({ columns }: Layers): void {
  for (let round = 0; round < ROUNDS; round++) {
    let isBetter = false;
    columns.forEach((column, at) => {
      const beside = [at - 1, at].filter((each) => 0 <= each && each < columns.length - 1);
      for (let place = 0; place + 1 < column.length; place++) {
        const [one, other] = [column[place] as Node, column[place + 1] as Node];
        if (apart(one, other) !== 0) continue;
        const before = crossings(columns, beside);
        [column[place], column[place + 1]] = [other, one];
        number(column);
        if (crossings(columns, beside) < before - 1e-9) isBetter = true;
        else {
          [column[place], column[place + 1]] = [one, other];
          number(column);
        }
      }
    });
    if (!isBetter) return;
  }
}
