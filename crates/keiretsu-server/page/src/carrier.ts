// Carries questions of the page to an engine, and answers back. One carrier speaks HTTP to `keiretsu serve`;
// another may hold the engine itself.

import type { Change, ModelEvent, Progress, Question, Reply } from "./data/wire.ts";

export interface Listener {
  /** The model as it now is, with the answers that are watched, all of one revision. */
  onModel(event: ModelEvent): void;
  onProgress(progress: Progress): void;
  /** Whether the engine can be reached. */
  onReach(isReached: boolean): void;
}

export type Edit =
  | { path: string; sha256: string; text: string }
  | { path: string; sha256: string; changes: Change[] }
  | { scenario: { name: string; changes: Change[] } };

export interface Asking {
  /** A newer question of the same slot takes the place of this one. */
  slot?: string;
  signal?: AbortSignal;
}

export interface Carrier {
  listen(listener: Listener): () => void;
  ask(question: Question, asking?: Asking): Promise<Reply>;
  /** Questions that every event of the model answers. */
  watch(questions: Record<string, Question>): Promise<void>;
  edit(edit: Edit): Promise<Reply | { revision: string }>;
}
