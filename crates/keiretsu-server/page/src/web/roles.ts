// The role of a party to its column: investors, labs, clouds, neoclouds and chips, sites, lenders.

export const COLUMNS = [
  "Investors",
  "Labs",
  "Clouds and platforms",
  "Neoclouds, then chips",
  "Sites and landlords",
  "Lenders",
];

interface Spot {
  column: number;
  /** The second part of a column stands below the first. */
  part: number;
}

const SPOTS: Record<string, Spot> = {
  investor: { column: 0, part: 0 },
  lab: { column: 1, part: 0 },
  cloud: { column: 2, part: 0 },
  platform: { column: 2, part: 0 },
  neocloud: { column: 3, part: 0 },
  chips: { column: 3, part: 1 },
  site: { column: 4, part: 0 },
  lender: { column: 5, part: 0 },
};
const OTHER: Spot = { column: 4, part: 1 };

export const spotOf = (role: string | null): Spot => SPOTS[role ?? ""] ?? OTHER;

/** Groups of the matrix, in their order. */
export const GROUPS = [
  "investor",
  "lab",
  "cloud",
  "platform",
  "neocloud",
  "chips",
  "site",
  "lender",
  "other",
];
export const GROUP_TITLES: Record<string, string> = {
  investor: "Investors",
  lab: "Labs",
  cloud: "Clouds",
  platform: "Platforms",
  neocloud: "Neoclouds",
  chips: "Chips",
  site: "Sites",
  lender: "Lenders",
  other: "Others",
};
