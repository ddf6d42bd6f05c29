// Who pays whom, from commitments, contracts and stakes: one tie for each payer, payee and family.

import { type Amount, inline, proved, provedEnd, worded } from "../data/amount.ts";
import { sum } from "../data/sum.ts";
import type { Cell, Row, Table } from "../data/table.ts";
import type { Party } from "../data/wire.ts";

export type Family = "cap" | "svc" | "gua";

export interface Tie {
  from: string;
  to: string;
  family: Family;
  firm: Amount;
  headline: Amount;
  /** The most of it that is known, for widths and order. */
  most: number;
  least: number;
  isUnknown: boolean;
  /** A stake that no payment shows. */
  stake: Cell | null;
  contracts: string[];
}

const CAPITAL = new Set(["equity", "convertible", "principal", "warrant"]);
const GUARANTEES = new Set(["guarantee", "backstop"]);
const OWED_AS_USED = new Set(["supply", "lease", "capex", "revenue_share"]);
const OVER = new Set(["terminated", "lapsed", "superseded"]);
const UNKNOWN: Amount = { value: null, bound: null, low: 0, high: null, state: "unknown", unit: null };

export function familyOf(kind: string): Family {
  if (CAPITAL.has(kind)) return "cap";
  return GUARANTEES.has(kind) ? "gua" : "svc";
}

export interface Facts {
  commitments: Table;
  contracts: Table | undefined;
  stakes: Table | undefined;
  parties: Party[];
}

interface Parts {
  from: string;
  to: string;
  family: Family;
  firm: Amount[];
  headline: Amount[];
  stake: Cell | null;
  /** What the stake cost, in the firm and the headline reading. */
  cost: { firm: Amount; headline: Amount } | null;
  contracts: string[];
}

export function tiesOf({ commitments, contracts, stakes, parties }: Facts): Tie[] {
  const found = new Map<string, Parts>();
  const group = groups(parties);
  const tie = (from: string, to: string, family: Family): Parts | null => {
    const [payer, payee] = [group(from), group(to)];
    if (payer === payee || payer === "outside" || payee === "outside") return null;
    const name = `${payer}>${payee}>${family}`;
    const tie = found.get(name) ?? {
      from: payer,
      to: payee,
      family,
      firm: [],
      headline: [],
      stake: null,
      cost: null,
      contracts: [],
    };
    found.set(name, tie);
    return tie;
  };
  const promised = new Set<string>();
  for (const row of commitments.rows) {
    const name = row.text("contract");
    promised.add(name.split(".")[0] ?? name);
    // What repays a loan is drawn as the loan.
    if (OVER.has(row.text("standing")) || name.endsWith(".principal") || row.text("kind") === "credits")
      continue;
    const parts = tie(row.id("payer"), row.id("payee"), familyOf(row.text("kind")));
    parts?.firm.push(row.cell("firm"));
    parts?.headline.push(row.cell("headline"));
    parts?.contracts.push(name);
  }
  for (const row of contracts?.rows ?? []) asUsed(row, promised, tie);
  for (const row of stakes?.where({ reading: "firm" }) ?? []) {
    const parts = tie(row.id("owner"), row.id("issuer"), "cap");
    if (!parts || parts.stake !== null) continue;
    parts.stake = row.cell("share");
    const announced = stakes?.where({ stake: row.id("stake"), reading: "headline" })[0];
    parts.cost = { firm: row.cell("paid_in"), headline: (announced ?? row).cell("paid_in") };
  }
  return [...found.values()].map(whole).sort((one, other) => other.most - one.most);
}

// A contract that promises no amount ties its parties all the same.
function asUsed(
  row: Row,
  promised: Set<string>,
  tie: (from: string, to: string, family: Family) => Parts | null,
): void {
  const name = row.text("name").split(".")[0] ?? "";
  if (!OWED_AS_USED.has(row.text("type")) || promised.has(name) || OVER.has(row.text("standing"))) return;
  const parts = tie(row.text("from"), row.text("to"), "svc");
  parts?.firm.push(UNKNOWN);
  parts?.headline.push(UNKNOWN);
  parts?.contracts.push(row.text("name"));
}

function whole(parts: Parts): Tie {
  const cost = parts.cost ?? { firm: UNKNOWN, headline: UNKNOWN };
  const hasAmounts = parts.firm.length > 0;
  // What is paid under a contract and what the stake cost may be one purchase: the larger counts.
  const firm = hasAmounts ? larger(sum(parts.firm), cost.firm) : cost.firm;
  const headline = hasAmounts ? larger(sum(parts.headline), cost.headline) : cost.headline;
  const [least, most] = [length(firm), Math.max(length(firm), length(headline))];
  return { ...parts, firm, headline, least, most, isUnknown: most === 0 && !isNothing(firm, headline) };
}

const larger = (one: Amount, other: Amount): Amount =>
  (one.value ?? -1) < (other.value ?? -1) && other.state === "known" ? other : one;
const isNothing = (firm: Amount, headline: Amount): boolean =>
  firm.state === "known" && headline.state === "known";
const length = (amount: Amount): number => Math.max(0, provedEnd(amount).value ?? 0);

/** A party to the group that it is a part of. */
export function groups(parties: Party[]): (id: string) => string {
  const above = new Map(parties.map(({ id, part_of }) => [id, part_of]));
  return (id) => {
    let at = id;
    for (let part = above.get(at); part; part = above.get(at)) at = part;
    return at;
  };
}

/** A stake without money in the model. */
export const isStakeOnly = (tie: Tie): boolean => tie.contracts.length === 0 && tie.isUnknown;

/** The amount of a tie, in words: from what is firm to what is announced. */
export function wordsOf(tie: Tie): string {
  if (isStakeOnly(tie)) return stakeWords(tie);
  const { firm, headline, least, most } = tie;
  const before = tie.family === "gua" ? "backs " : "";
  if (tie.isUnknown) return `${before}an unknown amount`;
  if (most <= least * 1.005) return before + proved(firm.state === "known" ? firm : headline);
  const high = proved(headline).replace(/^[≤≲?]/, "");
  return `${before}${least === 0 ? worded(0, headline.unit) : proved(firm)} to ${high}`;
}

/** The same in a box, where there is room for one number. */
export function shortWords(tie: Tie): string {
  if (isStakeOnly(tie)) return stakeWords(tie);
  if (tie.isUnknown) return "unknown";
  return proved(tie.headline.state === "known" ? tie.headline : tie.firm);
}

function stakeWords({ stake }: Tie): string {
  if (stake === null || stake.state !== "known") return "a stake of unknown size";
  return `owns ${inline(stake)}`;
}

/** What a party gets or pays in all, its guarantees and bare stakes left out. */
export function total(ties: Tie[]): Amount {
  const counted = ties.filter((tie) => tie.family !== "gua" && !isStakeOnly(tie));
  const headline = sum(counted.map((tie) => tie.headline));
  const firm = sum(counted.map((tie) => tie.firm));
  return counted.length === 0 || (headline.bound !== null && headline.state === "known")
    ? headline
    : provedEnd(firm);
}
