// A web of any size from a seed, as text of a model: investors, labs, clouds, chips, sites and lenders.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const SHARES = [
  ["investor", 0.18],
  ["lab", 0.08],
  ["cloud", 0.12],
  ["neocloud", 0.14],
  ["chip maker", 0.1],
  ["landlord", 0.24],
  ["lender", 0.14],
];
const TIES = [
  ["investor", "lab", "equity", 0.25],
  ["cloud", "lab", "equity", 0.1],
  ["lab", "cloud", "supply", 0.2],
  ["lab", "neocloud", "supply", 0.1],
  ["cloud", "neocloud", "supply", 0.15],
  ["cloud", "landlord", "supply", 0.12],
  ["neocloud", "chip maker", "supply", 0.08],
];

/** Park and Miller's minimal standard, so that a seed gives one web everywhere. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

export function write(folder, parties, contracts, seed = 7) {
  const next = numbers(seed);
  const byKind = new Map();
  const lines = [
    "keiretsu = 1",
    'title = "A web of many"',
    "as_of = 2026-01-01",
    'horizon = "5 years"',
    'currency = "USD"',
    "",
    "[parties]",
  ];
  for (const [kind, share] of SHARES) {
    const ids = Array.from(
      { length: Math.round(parties * share) },
      (_, at) => `${kind.replace(" ", "-")}-${at + 1}`,
    );
    byKind.set(kind, ids);
    for (const id of ids) lines.push(`${id} = { name = "${titled(id)}", kind = "${kind}" }`);
  }
  const pick = (kind) => {
    const ids = byKind.get(kind);
    return ids[Math.floor(next() ** 2.2 * ids.length)];
  };
  let count = 0;
  for (const [from, to, type, share] of TIES) {
    for (let at = 0; at < contracts * share; at++) {
      count += 1;
      const billions = Math.exp(next() * 6 - 1).toFixed(2);
      const figure = next() < 0.1 ? "undisclosed" : `$${billions}B`;
      lines.push("", `[contracts.c${count}]`, `type = "${type}"`);
      if (type === "equity") {
        lines.push(`investor = "${pick(from)}"`, `issuer = "${pick(to)}"`);
        lines.push(`tranches = { all = { amount = "${figure}", on = 2026-06-30 } }`);
      } else {
        const words = figure === "undisclosed" ? figure : `${figure} over 4 years`;
        lines.push(
          `buyer = "${pick(from)}"`,
          `seller = "${pick(to)}"`,
          "from = 2026-02-01",
          `minimum = "${words}"`,
        );
      }
    }
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "keiretsu.toml"), `${lines.join("\n")}\n`);
}

const titled = (id) => id.replace(/^./, (letter) => letter.toUpperCase()).replaceAll("-", " ");
