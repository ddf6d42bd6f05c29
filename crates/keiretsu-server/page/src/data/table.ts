// The tables of an answer as typed rows: cells by the keys of the schema, never by titles. A cell knows its
// address, so that every number can be followed to its proof.

import type { Amount } from "./amount.ts";
import type { Answered, Bound, State, WireColumn, WireFinding, WireRow, WireTable } from "./wire.ts";

const WORDS = new Set([
  "text",
  "party",
  "contract",
  "holding",
  "scenario",
  "reading",
  "period",
  "date",
  "unit",
]);

export interface Cell extends Amount {
  address: string;
  /** Why it is unknown, or which statements left it open. */
  reason: string | null;
}

/** Letters and digits in lower case, `-` for all else: how a name stands in an address. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

export class Row {
  constructor(
    readonly table: Table,
    readonly wire: WireRow,
    readonly ordinal: number,
  ) {}

  /** A word of the row; empty where there is none. */
  text(key: string): string {
    const value = this.wire[key];
    return value === null || value === undefined ? "" : String(value);
  }

  /** The name in the model of a thing, such as a party. */
  id(key: string): string {
    return this.text(`${key}_id`) || this.text(key);
  }

  cell(key: string): Cell {
    const { wire } = this;
    const value = wire[key];
    const state = (wire[`${key}_state`] as State | undefined) ?? "none";
    return {
      value: typeof value === "number" ? value : null,
      bound: (wire[`${key}_bound`] as Bound | undefined) ?? null,
      low: (wire[`${key}_low`] as number | null | undefined) ?? null,
      high: (wire[`${key}_high`] as number | null | undefined) ?? null,
      state,
      unit: this.table.unitOf(key, wire),
      reason: (wire[`${key}_reason`] as string | undefined) ?? null,
      address: this.table.addressOf(this, key),
    };
  }

  /** The numbers of a column, for lengths in charts: null where nothing is known. */
  number(key: string): number | null {
    const value = this.wire[key];
    return typeof value === "number" ? value : null;
  }

  get keys(): string[] {
    return this.table.keyColumns.map((column) => this.id(column.key));
  }
}

export class Table {
  readonly columns: WireColumn[];
  readonly rows: Row[];
  readonly keyColumns: WireColumn[];

  constructor(readonly wire: WireTable) {
    this.columns = wire.relation?.columns ?? wire.columns;
    const firstNumber = this.columns.findIndex((column) => !WORDS.has(column.kind) || column.kind === "unit");
    this.keyColumns = firstNumber < 0 ? this.columns : this.columns.slice(0, firstNumber);
    const seen = new Map<string, number>();
    this.rows = (wire.relation?.rows ?? wire.rows).map((row) => {
      const name = this.keyColumns.map(({ key }) => row[`${key}_id`] ?? row[key]).join(" ");
      const ordinal = seen.get(name) ?? 0;
      seen.set(name, ordinal + 1);
      return new Row(this, row, ordinal);
    });
  }

  get name(): string {
    return this.wire.table;
  }

  get title(): string {
    return this.wire.title;
  }

  get findings(): WireFinding[] {
    return this.wire.findings ?? [];
  }

  unitOf(key: string, row: WireRow): string | null {
    const own = this.columns.find((column) => column.key === key)?.unit;
    return own ?? (row.unit as string | null | undefined) ?? this.wire.unit;
  }

  addressOf(row: Row, key: string): string {
    const keys = row.keys.map(slug).filter((word) => word !== "");
    const ordinal = row.ordinal > 0 ? [`#${row.ordinal + 1}`] : [];
    return `${this.wire.measure}(${[slug(this.name), ...keys, key, ...ordinal].join(", ")})`;
  }

  /** Columns that hold numbers, with something in them. */
  get numberColumns(): WireColumn[] {
    const hasNumbers = ({ key }: WireColumn): boolean => this.rows.some(({ wire }) => `${key}_state` in wire);
    return this.columns.filter(hasNumbers);
  }

  isNumber(key: string): boolean {
    return this.rows.some(({ wire }) => `${key}_state` in wire);
  }

  where(words: Record<string, string>): Row[] {
    const entries = Object.entries(words);
    return this.rows.filter((row) =>
      entries.every(([key, word]) => row.id(key) === word || row.text(key) === word),
    );
  }
}

export class Answer {
  readonly tables: Table[];
  constructor(readonly wire: Answered) {
    const tables = Array.isArray(wire.answer) ? wire.answer : [wire.answer];
    this.tables = tables.map((table) => new Table(table));
  }

  get revision(): string {
    return this.wire.revision;
  }

  table(name: string): Table | undefined {
    return this.tables.find((table) => table.name === name);
  }

  get findings(): WireFinding[] {
    return this.tables.flatMap((table) => table.findings);
  }
}
