// Words of a figure with other amounts: qualifiers, units and spans stay as they are written.

const AMOUNT =
  /([$€£¥]|[A-Z]{3} )?(\d[\d,]*(?:\.\d+)?)\s?(trillion|billion|million|T|B|M|k)?(%|x(?![a-z])|\s?[GM]W)?/g;
const SIZES: Record<string, number> = {
  trillion: 1e12,
  billion: 1e9,
  million: 1e6,
  T: 1e12,
  B: 1e9,
  M: 1e6,
  k: 1e3,
};
const STEPS: [number, string][] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
];

const figures = (number: number): string => String(Number(number.toPrecision(3)));

/** Every amount of the words times the factor; years and counts of time are no amounts. */
export function scaled(words: string, factor: number): string {
  return words.replace(AMOUNT, (all, sign: string = "", digits: string, size = "", unit = "", at: number) => {
    const after = words.slice(at + all.length);
    const isTime = unit === "" && sign === "" && /^\s?(years?|months?|quarters?|days?)/.test(after);
    const isPart = /[\d-]$/.test(words.slice(0, at)) || /^-\d/.test(after);
    if (isTime || isPart) return all;
    const amount = Number(digits.replaceAll(",", "")) * (SIZES[size] ?? 1) * factor;
    const space = /\s$/.test(all) ? " " : "";
    if (sign === "") return `${figures(amount / (SIZES[size] ?? 1))}${size}${unit}${space}`;
    const [step, letter] = STEPS.find(([least]) => least <= Math.abs(amount)) ?? [1, ""];
    return `${sign}${figures(amount / step)}${letter}${unit}${space}`;
  });
}

/** Whether a slider can move the words: there is an amount in them. */
export const isScalable = (words: string): boolean => scaled(words, 2) !== words;

/** The factor between two wordings of one statement; null where they are not multiples of each other. */
export function factorOf(base: string, words: string): number | null {
  const first = (text: string): number | null => {
    for (const match of text.matchAll(AMOUNT)) {
      const [all, , digits = "", size = ""] = match;
      if (scaled(all, 2) !== all) return Number(digits.replaceAll(",", "")) * (SIZES[size] ?? 1);
    }
    return null;
  };
  const [from, into] = [first(base), first(words)];
  if (from === null || into === null || from === 0) return null;
  return into / from;
}
