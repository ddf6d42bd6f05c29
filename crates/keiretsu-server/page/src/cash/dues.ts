// What falls due by year, from commitments cut by year: service, building, rent and debt; capital that is put
// in is left out.

import type { Amount } from "../data/amount.ts";
import { provedEnd } from "../data/amount.ts";
import { sum } from "../data/sum.ts";
import type { Row, Table } from "../data/table.ts";
import type { Party } from "../data/wire.ts";
import { familyOf, groups, type Tie } from "../web/ties.ts";

export interface Due {
  payer: string;
  payee: string;
  year: number;
  firm: Amount;
  headline: Amount;
}

export interface Payer {
  id: string;
  /** The largest first. */
  payees: string[];
  dues: Due[];
  size: number;
}

export const least = ({ firm }: Due): number => Math.max(0, provedEnd(firm).value ?? 0);
export const most = (due: Due): number => Math.max(least(due), provedEnd(due.headline).value ?? 0);
export const isUnknown = (due: Due): boolean => due.headline.state === "unknown" && most(due) === 0;

export function duesOf(years: Table, contracts: Table, parties: Party[], from: number): Due[] {
  const kinds = new Map(contracts.rows.map((row) => [row.text("contract"), row.text("kind")]));
  const group = groups(parties);
  const isOwed = (row: Row): boolean => {
    const name = row.text("contract");
    const kind = kinds.get(name) ?? "";
    const isCapital = familyOf(kind) === "cap" && !name.endsWith(".principal");
    return !isCapital && kind !== "credits" && kind !== "guarantee" && kind !== "backstop";
  };
  const found = new Map<
    string,
    { due: Omit<Due, "firm" | "headline">; firm: Amount[]; headline: Amount[] }
  >();
  for (const row of years.rows) {
    const year = Number(row.text("year"));
    if (!(year >= from) || !isOwed(row)) continue;
    const [payer, payee] = [group(row.id("payer")), group(row.id("payee"))];
    if (payer === payee) continue;
    const name = `${payer}>${payee}>${year}`;
    const parts = found.get(name) ?? { due: { payer, payee, year }, firm: [], headline: [] };
    found.set(name, parts);
    if (row.text("reading") === "firm") parts.firm.push(row.cell("amount"));
    if (row.text("reading") === "headline") parts.headline.push(row.cell("amount"));
  }
  return [...found.values()].map(({ due, firm, headline }) => ({
    ...due,
    firm: sum(firm),
    headline: sum(headline),
  }));
}

export function payersOf(dues: Due[]): Payer[] {
  const byPayer = Map.groupBy(dues, ({ payer }) => payer);
  const payers = [...byPayer].map(([id, own]) => {
    const size = (list: Due[]): number => list.reduce((all, due) => all + most(due), 0);
    const byPayee = [...Map.groupBy(own, ({ payee }) => payee)];
    byPayee.sort(([, one], [, other]) => size(other) - size(one));
    return { id, payees: byPayee.map(([payee]) => payee), dues: own, size: size(own) };
  });
  return payers.sort((one, other) => other.size - one.size);
}

/** One year's dues as ties, for the list of who pays whom. */
export function tiesOfYear(dues: Due[], year: number): Tie[] {
  return dues
    .filter((due) => due.year === year && (most(due) > 0 || isUnknown(due)))
    .map((due) => ({
      from: due.payer,
      to: due.payee,
      family: "svc" as const,
      firm: due.firm,
      headline: due.headline,
      most: most(due),
      least: least(due),
      isUnknown: isUnknown(due),
      stake: null,
      contracts: [""],
    }))
    .sort((one, other) => other.most - one.most);
}
