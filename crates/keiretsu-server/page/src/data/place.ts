// Where the page is, as readable words of its address: `/cash?party=oracle&reading=firm&lab.cash=$8B`. A word
// with a dot names a statement of the model that is read in other words.

import type { Change } from "./wire.ts";

export const SCREENS = [
  "answer",
  "web",
  "cash",
  "compare",
  "circularity",
  "exposure",
  "outcomes",
  "what-if",
  "text",
] as const;
export type Screen = (typeof SCREENS)[number];

export const TITLES: Record<Screen, string> = {
  answer: "Answer",
  web: "Web",
  cash: "Cash",
  compare: "Compare",
  circularity: "Circularity",
  exposure: "Exposure",
  outcomes: "Outcomes",
  "what-if": "What if",
  text: "Text",
};

export interface Place {
  screen: Screen;
  params: Record<string, string>;
  changes: Change[];
}

const isScreen = (word: string): word is Screen => (SCREENS as readonly string[]).includes(word);

export function read(url: URL): Place {
  const word = url.pathname.split("/")[1] ?? "";
  const place: Place = { screen: isScreen(word) ? word : "answer", params: {}, changes: [] };
  for (const [key, value] of url.searchParams) {
    if (key.includes(".")) place.changes.push({ place: key, words: value });
    else place.params[key] = value;
  }
  return place;
}

/** Readable: only what would be misread is escaped. */
const word = (text: string): string =>
  encodeURIComponent(text).replace(
    /%(20|24|28|29|2C|3A|2F|3D|3E|3C)/g,
    (escaped, code: string) => READABLE[code] ?? escaped,
  );
const READABLE: Record<string, string> = {
  "20": "+",
  "24": "$",
  "28": "(",
  "29": ")",
  "2C": ",",
  "3A": ":",
  "2F": "/",
};

export function write(place: Place): string {
  const params = Object.entries(place.params).filter(([, value]) => value !== "");
  const all = [...params, ...place.changes.map(({ place: at, words }) => [at, words] as const)];
  const query = all.map(([key, value]) => `${word(key)}=${word(value)}`).join("&");
  const path = place.screen === "answer" ? "/" : `/${place.screen}`;
  return query ? `${path}?${query}` : path;
}
