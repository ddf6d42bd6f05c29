// A question that is asked again when the model or the question changes. The last answer stays, marked as
// stale, until the one that is asked for is there.

import type { Answer } from "../data/table.ts";
import type { Failure, Question } from "../data/wire.ts";
import { here } from "./here.svelte.ts";
import { nameOf, session } from "./session.svelte.ts";

const PATIENCE_MS = 250;
const USUAL_PATHS = 1000;

/** What holds on every screen: scenario, days, paths, and statements in other words. */
export function shared(withChanges = true): Partial<Question> {
  const { params, changes } = here.place;
  return {
    ...(params.scenario ? { scenarios: params.scenario.split(",") } : {}),
    ...(params.as_of ? { as_of: params.as_of } : {}),
    ...(params.known_on ? { known_on: params.known_on } : {}),
    ...(withChanges && changes.length > 0 ? { changes } : {}),
  };
}

/** How many paths the screen shows; 0 where it shows none. */
export function pathsShown(): number {
  return Number(here.param("paths")) || (here.place.screen === "outcomes" ? USUAL_PATHS : 0);
}

export class Asked {
  answer = $state.raw<Answer | null>(null);
  failure = $state.raw<Failure | null>(null);
  isBusy = $state(false);
  /** The answer shown is of another text or question than the one that stands. */
  isStale = $derived.by(
    () => this.isBusy || (this.answer !== null && this.answer.revision !== session.revision),
  );

  readonly #slot: string | undefined;
  #wanted: Question | null = null;
  #running: AbortController | null = null;
  #since = 0;

  constructor(question: () => Question | null, slot?: string) {
    this.#slot = slot;
    // By its words, so that the same question written anew is not asked again.
    const name = $derived.by(() => {
      const now = question();
      return now === null ? null : nameOf(now);
    });
    $effect(() => {
      const revision = session.revision;
      if (name === null || revision === null) return;
      const now = JSON.parse(name) as Question;
      const kept = session.kept(now);
      if (kept) {
        this.#running?.abort();
        this.#take(kept);
      } else this.#next(now);
    });
    $effect(() => {
      if (name === null) return;
      return session.watch(JSON.parse(name) as Question);
    });
  }

  // One question at a time: while a slider moves, an answer that is nearly there comes first, and only what
  // takes long is given up for the newest question.
  #next(question: Question): void {
    this.#wanted = question;
    this.isBusy = true;
    if (this.#running === null) void this.#run();
    else if (performance.now() - this.#since > PATIENCE_MS) this.#running.abort();
  }

  async #run(): Promise<void> {
    while (this.#wanted !== null) {
      const question = this.#wanted;
      this.#wanted = null;
      const running = new AbortController();
      this.#running = running;
      this.#since = performance.now();
      const result = await session.ask(question, this.#slot, running.signal);
      this.#running = null;
      if (running.signal.aborted) continue;
      if (this.#wanted === null) this.#take(result);
      else if (!("code" in result)) this.answer = result;
    }
  }

  #take(result: Answer | Failure): void {
    this.isBusy = false;
    this.#wanted = null;
    if ("code" in result) {
      if (result.code !== "superseded") this.failure = result;
      return;
    }
    this.failure = null;
    this.answer = result;
  }

  table(name: string) {
    return this.answer?.table(name);
  }
}
