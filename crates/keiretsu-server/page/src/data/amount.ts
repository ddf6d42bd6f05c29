// An amount to the few figures that people read, written as the command line writes it: mark, sign, scale,
// unit. What is marked as a bound is rounded outward. Unknown is a word, never zero.

import type { Bound, State } from "./wire.ts";

export interface Amount {
  value: number | null;
  bound: Bound;
  low: number | null;
  high: number | null;
  state: State;
  unit: string | null;
}

type Rounding = "nearest" | "down" | "up";

const SCALES: [number, string][] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "k"],
  [1, ""],
];
const NOISE = 1e-9;
const SIGNS: Record<string, string> = { USD: "$", EUR: "€", GBP: "£", JPY: "¥" };
const CURRENCY = /^([A-Z]{3})(\/yr|\/GW)?$/;

const currencySign = (code: string): string => SIGNS[code] ?? `${code} `;

/** One amount with its unit, as read, behind its mark. */
export function inline(amount: Amount): string {
  const { value, bound, unit, state } = amount;
  if (state === "none") return "";
  if (value === null || state === "unknown") return "unknown";
  const mark = bound === null ? "?" : bound === "=" ? "" : bound;
  const least = leastOf(unit);
  if (0 < Math.abs(value) && Math.abs(value) < least) return nearlyNothing(value, bound, unit, least);
  return mark + worded(value, unit, roundingOf(bound));
}

/** Where there is room for one number: a proved end, where the amount as read is no bound. */
export const proved = (amount: Amount): string => inline(provedEnd(amount));

export function provedEnd(amount: Amount): Amount {
  if (amount.state !== "known" || amount.bound !== null) return amount;
  const { low, high } = saying(amount);
  if (low !== null) return { ...amount, value: low, bound: "≥" };
  if (high !== null) return { ...amount, value: high, bound: "≤" };
  return amount;
}

/** What is possible, in words: in sentences, titles and the panel of proof. */
export function inWords(amount: Amount): string {
  const { state, bound, unit } = amount;
  const { low, high } = saying(amount);
  const down = low === null ? "" : worded(low, unit, "down");
  const up = high === null ? "" : worded(high, unit, "up");
  const ends = [down && up && `${down} to ${up}`, down && `at least ${down}`, up && `at most ${up}`];
  const within = ends.find((each) => each !== "");
  if (state === "unknown") return within ? `unknown (${within})` : "unknown";
  if (state !== "known" || bound !== null) return inline(amount);
  return `${inline({ ...amount, bound: "=" })} as read (${within ?? "no bound"})`;
}

// Nothing as the least, or all of it as the most, is no news.
function saying({ low, high, unit }: Amount): { low: number | null; high: number | null } {
  const isNews = (end: number | null): end is number =>
    end !== null && end !== 0 && (unit !== "fraction" || end < 1 - NOISE);
  return { low: isNews(low) ? low : null, high: isNews(high) ? high : null };
}

function roundingOf(bound: Bound): Rounding {
  return bound === "≥" ? "down" : bound === "≤" ? "up" : "nearest";
}

function leastOf(unit: string | null): number {
  if (unit === "fraction" || unit === "x") return 0.001;
  return unit === "number" || unit === null ? 0 : 0.0001;
}

function nearlyNothing(value: number, bound: Bound, unit: string | null, least: number): string {
  const isPositive = 0 < value;
  if ((bound === "≥" || bound === "≳") && isPositive) return `≥${worded(0, unit, "nearest")}`;
  if ((bound === "≤" || bound === "≲") && !isPositive) return `≤${worded(0, unit, "nearest")}`;
  const size = worded(isPositive ? least : -least, unit, "nearest");
  return `${bound === null ? "?" : ""}${isPositive ? "<" : ">"}${size}`;
}

/** The amount without a mark. */
export function worded(value: number, unit: string | null, rounding: Rounding = "nearest"): string {
  const outward = value < 0 && rounding !== "nearest" ? (rounding === "down" ? "up" : "down") : rounding;
  const money = unit === null ? null : CURRENCY.exec(unit);
  const almost = outward === "nearest" ? 0.9995 : outward === "down" ? 1 : 0.999;
  const [size, letter] = scaleOf(Math.abs(value), unit, money !== null, almost);
  const digits = digitsOf(Math.abs(value) / size, unit, outward);
  const sign = value < 0 ? "-" : "";
  const before = money?.[1] ? currencySign(money[1]) : "";
  return sign + before + digits + letter + afterOf(unit, money?.[2], digits);
}

function afterOf(unit: string | null, rate: string | undefined, digits: string): string {
  if (rate) return rate;
  if (unit === "fraction") return "%";
  if (unit === "x") return "x";
  if (unit === "GW") return " GW";
  if (unit === "months") return digits === "1" ? " month" : " months";
  return "";
}

function scaleOf(amount: number, unit: string | null, isMoney: boolean, almost: number): [number, string] {
  if (unit === "fraction") return [0.01, ""];
  if (!isMoney) return [1, ""];
  return SCALES.find(([size]) => size * almost <= amount * (1 + NOISE)) ?? [1, ""];
}

function digitsOf(number: number, unit: string | null, rounding: Rounding): string {
  if (0 < number && (number < 1e-6 || 1e15 <= number)) return number.toExponential(1).replace("e+", "e");
  return grouped(withoutEndZeros(decimals(number, mostDecimals(number, unit), rounding)));
}

function mostDecimals(number: number, unit: string | null): number {
  if (unit === "x" && 2 <= number) return Math.min(decimalsFor(number, 3), 1);
  if (unit === "x" && 0.1 <= number) return 2;
  if (unit === "x") return decimalsFor(number, 2);
  if (unit === "number" || unit === null) return 0.01 <= number ? 2 : decimalsFor(number, 2);
  return decimalsFor(number, 3);
}

function decimals(number: number, most: number, rounding: Rounding): string {
  const nearest = number.toFixed(most);
  const off = Number(nearest) - number;
  const isTooHigh = rounding === "down" && NOISE * Math.abs(number) < off;
  const isTooLow = rounding === "up" && off < -NOISE * Math.abs(number);
  if (!isTooHigh && !isTooLow) return nearest;
  return (number + (isTooHigh ? -0.5 : 0.5) * 10 ** -most).toFixed(most);
}

function decimalsFor(number: number, figures: number): number {
  if (number <= 0) return 0;
  return Math.max(0, figures - (Math.floor(Math.log10(number)) + 1));
}

const withoutEndZeros = (digits: string): string =>
  digits.includes(".") ? digits.replace(/0+$/, "").replace(/\.$/, "") : digits;

function grouped(digits: string): string {
  const [whole = "", fraction] = digits.split(".");
  const apart = whole.length < 5 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}
