// The model that is served, and its answers. All that is shown is of one revision: an event brings the model,
// its diagnostics and the answers that are on the page together.

import type { Carrier } from "../carrier.ts";
import { HttpCarrier } from "../carrier-http.ts";
import { Answer } from "../data/table.ts";
import { type Failure, isRefused, type Model, type Question, type Reply } from "../data/wire.ts";

const MOST_KEPT = 200;

export const nameOf = (question: Question): string => JSON.stringify(question);

class Session {
  model = $state.raw<Model | null>(null);
  isReached = $state(true);
  #carrier: Carrier = new HttpCarrier();
  #answers = new Map<string, Answer>();
  #watched = new Map<string, { question: Question; count: number }>();
  #telling = false;

  start(): () => void {
    return this.#carrier.listen({
      onModel: ({ answers, ...model }) => {
        for (const reply of Object.values(answers ?? {}))
          if (!isRefused(reply)) this.#keep(new Answer(reply));
        this.model = model;
      },
      onProgress: () => {},
      onReach: (isReached) => {
        this.isReached = isReached;
      },
    });
  }

  /** The revision that numbers are of: the last text without errors. */
  get revision(): string | null {
    if (this.model === null) return null;
    return this.model.ok ? this.model.revision : this.model.last_good;
  }

  kept(question: Question): Answer | undefined {
    return this.#answers.get(`${this.revision} ${nameOf(question)}`);
  }

  async ask(question: Question, slot?: string, signal?: AbortSignal): Promise<Answer | Failure> {
    const kept = this.kept(question);
    if (kept) return kept;
    const reply: Reply = await this.#carrier.ask(question, { slot, signal });
    if (isRefused(reply)) return reply.error;
    const answer = new Answer(reply);
    this.#keep(answer, question);
    return answer;
  }

  async edit(edit: Parameters<Carrier["edit"]>[0]): Promise<Failure | null> {
    const reply = await this.#carrier.edit(edit);
    return "error" in reply ? reply.error : null;
  }

  /** Has a question answered with every event, until the function that is returned is called. */
  watch(question: Question): () => void {
    const name = nameOf(question);
    const watched = this.#watched.get(name) ?? { question, count: 0 };
    this.#watched.set(name, { ...watched, count: watched.count + 1 });
    this.#tell();
    return () => {
      const now = this.#watched.get(name);
      if (now && now.count > 1) this.#watched.set(name, { ...now, count: now.count - 1 });
      else this.#watched.delete(name);
      this.#tell();
    };
  }

  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    setTimeout(() => {
      this.#telling = false;
      const questions = [...this.#watched].map(([name, { question }]) => [name, question]);
      void this.#carrier.watch(Object.fromEntries(questions));
    }, 300);
  }

  #keep(answer: Answer, question: Question = answer.wire.question): void {
    this.#answers.set(`${answer.revision} ${nameOf(question)}`, answer);
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > MOST_KEPT && !oldest.done) this.#answers.delete(oldest.value);
  }
}

export const session = new Session();

/** The title of a party. */
export const titleOf = (id: string): string =>
  session.model?.parties.find((party) => party.id === id)?.title ?? id;
