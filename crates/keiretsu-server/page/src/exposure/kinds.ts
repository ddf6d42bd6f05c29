// The kinds of exposure, as columns of the measure, with their colours in the order of the stack.

export const KINDS = [
  { key: "holding", colour: "s1", text: "holding" },
  { key: "receivable", colour: "s2", text: "owed" },
  { key: "contract", colour: "s3", text: "contract" },
  { key: "guarantee", colour: "s4", text: "guarantee" },
];
