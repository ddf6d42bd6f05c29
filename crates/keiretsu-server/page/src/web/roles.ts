// The role of a party to its column, as in the report: the roles of each column from the top, with the words
// over those who stand there.

const COLUMNS: readonly (readonly (readonly [role: string, words: string])[])[] = [
  [
    ["investor", "investors"],
    ["lender of these", "their lenders"],
  ],
  [
    ["lab", "labs"],
    ["customer", "customers"],
  ],
  [
    ["cloud", "clouds"],
    ["platform", "platforms"],
  ],
  [
    ["neocloud", "neoclouds"],
    ["chips", "chips"],
  ],
  [
    ["site", "sites and vehicles"],
    ["other", "others"],
  ],
  [["supplier", "suppliers"]],
  [["lender", "lenders"]],
];

export interface Spot {
  column: number;
  /** The second part of a column stands below the first. */
  part: number;
}

/** Where a role stands; with the others, if it is none that is known. */
export function spotOf(role: string | null): Spot {
  for (const [column, roles] of COLUMNS.entries()) {
    const part = roles.findIndex(([known]) => known === role);
    if (part >= 0) return { column, part };
  }
  return spotOf("other");
}

/** The columns, from the left. */
export const PLACES = COLUMNS.map((_, column) => column);

/** The words over a column: who stands there, from the top. */
export function headOf(column: number, spots: readonly Spot[]): string {
  const isThere = (part: number) => spots.some((spot) => spot.column === column && spot.part === part);
  const words = (COLUMNS[column] ?? []).filter((_, part) => isThere(part)).map(([, words]) => words);
  return capital(words.join(", then "));
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** The words for those of a role. */
export function titleOf(role: string): string {
  const known = COLUMNS.flat().find(([each]) => each === role);
  return capital(known?.[1] ?? role);
}

/** Groups of the matrix, in their order. */
export const GROUPS: readonly string[] = COLUMNS.flat().map(([role]) => role);
