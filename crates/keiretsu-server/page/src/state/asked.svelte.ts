// A question that is asked again when the model or the question changes. The last answer stays, marked as
// stale, until the one that is asked for is there.

import type { Answer } from "../data/table.ts";
import type { Failure, Question } from "../data/wire.ts";
import { here } from "./here.svelte.ts";
import { nameOf, session } from "./session.svelte.ts";

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

export class Asked {
  answer = $state.raw<Answer | null>(null);
  failure = $state.raw<Failure | null>(null);
  isBusy = $state(false);
  /** The answer shown is of another text or question than the one that stands. */
  isStale = $derived.by(
    () => this.isBusy || (this.answer !== null && this.answer.revision !== session.revision),
  );

  constructor(question: () => Question | null, slot?: string) {
    let asked = 0;
    // By its words, so that the same question written anew is not asked again.
    const name = $derived.by(() => {
      const now = question();
      return now === null ? null : nameOf(now);
    });
    $effect(() => {
      const revision = session.revision;
      if (name === null || revision === null) return;
      const now = JSON.parse(name) as Question;
      const turn = ++asked;
      const kept = session.kept(now);
      if (kept) {
        this.#take(kept);
        return;
      }
      this.isBusy = true;
      const abort = new AbortController();
      void session.ask(now, slot, abort.signal).then((result) => {
        if (turn === asked) this.#take(result);
      });
      return () => abort.abort();
    });
    $effect(() => {
      if (name === null) return;
      return session.watch(JSON.parse(name) as Question);
    });
  }

  #take(result: Answer | Failure): void {
    this.isBusy = false;
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
