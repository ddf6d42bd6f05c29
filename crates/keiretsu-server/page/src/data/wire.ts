// The shapes of the server's JSON, as they come.

export type Bound = "=" | "~" | "≥" | "≤" | "≳" | "≲" | null;
export type State = "known" | "unknown" | "none";

export interface WireColumn {
  key: string;
  title: string;
  kind: string;
  unit: string | null;
}

export type WireRow = Record<string, string | number | boolean | null>;

export interface WireNumber {
  address: string;
  measure: string;
  table: string;
  keys: Record<string, string>;
  column: string;
  value: number | null;
  bound: Bound;
  low: number | null;
  high: number | null;
  state: State;
  unit: string;
}

export interface WireFinding {
  text: string;
  numbers: WireNumber[];
}

export interface WireTable {
  measure: string;
  table: string;
  title: string;
  findings?: WireFinding[];
  unit: string | null;
  columns: WireColumn[];
  rows: WireRow[];
  /** Where the table above is laid out for people: the relation itself. */
  relation?: { columns: WireColumn[]; rows: WireRow[] };
  as_of: string;
  notes: string[];
  assumptions: string[];
  left_out: string[];
}

export interface Diagnostic {
  severity: "error" | "warning" | "note";
  code: string;
  message: string;
  hint: string | null;
  file: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

export interface ModelFile {
  path: string;
  text: string;
  sha256: string;
  editable: boolean;
}

export interface Party {
  id: string;
  title: string;
  role: string | null;
  part_of: string | null;
  kind: string | null;
}

export interface Slider {
  place: string;
  words: string;
  label: string;
  kind: string;
  unit: string;
  low: number | null;
  base: number | null;
  high: number | null;
  because?: string | null;
  source?: string | null;
  standing: string | null;
}

export interface Model {
  revision: string;
  title: string;
  as_of: string;
  currency: string;
  horizon: string;
  edit: boolean;
  files: ModelFile[];
  diagnostics: Diagnostic[];
  ok: boolean;
  last_good: string | null;
  names: { name: string; kind: string; title: string }[];
  parties: Party[];
  questions: { name: string; title: string; line: string }[];
  scenarios: (string | { name: string; text?: string })[];
  sliders: Slider[];
  terms: Record<string, string>;
}

export interface Change {
  place: string;
  words: string;
}

export interface Question {
  ask: string;
  parties?: string[];
  reading?: string;
  by?: string;
  at?: string;
  as_of?: string;
  known_on?: string;
  scenarios?: string[];
  against?: string[];
  changes?: Change[];
  paths?: { count: number; seed?: number };
  own_money?: string;
  of?: string[];
}

export interface Failure {
  code: string;
  message: string;
  hint: string | null;
}

export interface Answered {
  revision: string;
  question: Question;
  answer: WireTable | WireTable[];
  ms: number;
}

export interface Refused {
  error: Failure;
  revision?: string;
}

export type Reply = Answered | Refused;

export interface ModelEvent extends Model {
  answers?: Record<string, Reply>;
}

export interface Progress {
  id: string;
  done: number;
  total: number;
  what: string;
}

export const isRefused = (reply: Reply): reply is Refused => "error" in reply;
