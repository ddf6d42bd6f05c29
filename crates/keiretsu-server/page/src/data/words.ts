// Words of a figure with other amounts: qualifiers, units and spans stay as they are written.

const DIGITS = String.raw`(\d[\d,]*(?:\.\d+)?)`;
const SCALE = "(trillion|billion|million|T|B|M|k)?";
const UNIT = "(%|x(?![a-z])|[GM]W)?";
const AMOUNT = new RegExp(String.raw`([$€£¥]|[A-Z]{3} )?${DIGITS}(\s?)${SCALE}(\s?)${UNIT}`, "g");
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

interface Amount {
  all: string;
  at: number;
  sign: string;
  unit: string;
  value: number;
  /** How the number stands, with another value. */
  as(value: number): string;
}

function amounts(words: string): Amount[] {
  const found: Amount[] = [];
  for (const match of words.matchAll(AMOUNT)) {
    const [all, sign = "", digits = "", space = "", size = "", gap = "", unit = ""] = match;
    const at = match.index;
    const after = words.slice(at + all.length);
    const isTime = unit === "" && sign === "" && /^\s?(years?|months?|quarters?|days?)/.test(after);
    const isPart = /[\d-]$/.test(words.slice(0, at)) || /^-\d/.test(after);
    if (isTime || isPart) continue;
    const step = SIZES[size] ?? 1;
    const as = (value: number): string => {
      if (sign === "") return `${figures(value / step)}${space}${size}${gap}${unit}`;
      const [least, letter] = STEPS.find(([least]) => least <= Math.abs(value)) ?? [1, ""];
      const end = size === "" && unit === "" ? space : "";
      return `${sign}${figures(value / least)}${letter}${end}${gap}${unit}`;
    };
    found.push({ all, at, sign, unit, value: Number(digits.replaceAll(",", "")) * step, as });
  }
  // A price beside a number of shares is not the amount itself.
  const [first] = found;
  return found.filter(({ sign, unit }) => sign === first?.sign && unit === first.unit);
}

/** Every amount of the words times the factor; years and counts of time are no amounts. */
export function scaled(words: string, factor: number): string {
  let made = "";
  let from = 0;
  for (const { all, at, value, as } of amounts(words)) {
    made += words.slice(from, at) + as(value * factor);
    from = at + all.length;
  }
  return made + words.slice(from);
}

/** Whether a slider can move the words: there is an amount in them. */
export const isScalable = (words: string): boolean => amounts(words).length > 0;

/** The factor between two wordings of one statement; null where one has no amount, or nothing. */
export function factorOf(base: string, words: string): number | null {
  const [from, into] = [amounts(base)[0]?.value, amounts(words)[0]?.value];
  return from && into !== undefined ? into / from : null;
}
