// One payer's years to stacked bars: a segment a payee, the largest at the bottom, few colours, the rest as
// one.

import { type Due, least, most, type Payer } from "./dues.ts";

export interface Segment {
  payee: string;
  colour: string;
  firm: number;
  most: number;
  /** Where it begins in the stack. */
  from: number;
}

export interface Bar {
  year: number;
  segments: Segment[];
  total: number;
  firm: number;
  unknown: number;
}

export interface Revenue {
  year: number;
  value: number;
  /** Months that the year has in the run; fewer than twelve are shown at a yearly pace. */
  months: number;
}

const COLOURS = 6;

export const colourOf = (payer: Payer, payee: string): string => {
  const at = payer.payees.indexOf(payee);
  return at < COLOURS ? `s${at + 1}` : "s0";
};

export function bars(payer: Payer, years: number[]): Bar[] {
  const shown = payer.payees.slice(0, COLOURS);
  return years.map((year) => {
    const own = payer.dues.filter((due) => due.year === year);
    let from = 0;
    const segment = (payee: string, colour: string, dues: Due[]): Segment => {
      const size = dues.reduce((all, due) => all + most(due), 0);
      const made = { payee, colour, firm: dues.reduce((all, due) => all + least(due), 0), most: size, from };
      from += size;
      return made;
    };
    const segments = shown.map((payee, at) =>
      segment(
        payee,
        `s${at + 1}`,
        own.filter((due) => due.payee === payee),
      ),
    );
    const rest = own.filter((due) => !shown.includes(due.payee));
    if (payer.payees.length > COLOURS) {
      segments.push(segment(`${payer.payees.length - COLOURS} others`, "s0", rest));
    }
    const firm = segments.reduce((all, each) => all + each.firm, 0);
    const unknown = own.filter(({ headline }) => headline.state === "unknown").length;
    return { year, segments: segments.filter((each) => each.most > 0), total: from, firm, unknown };
  });
}

/** Round steps of an axis up to a number. */
export function steps(most: number, count: number): number[] {
  if (most <= 0) return [0];
  const rough = most / count;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * ten).find((each) => each >= rough) ?? rough;
  return Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, at) => at * step);
}
