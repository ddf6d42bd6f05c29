// The carrier over HTTP: questions as POST, the model as one stream of events that comes back by itself.

import type { Asking, Carrier, Edit, Listener } from "./carrier.ts";
import type { ModelEvent, Progress, Question, Reply } from "./data/wire.ts";

const AGAIN_MS = [250, 500, 1000, 2000];

export class HttpCarrier implements Carrier {
  #client = crypto.randomUUID();
  #watched: Record<string, Question> = {};

  listen(listener: Listener): () => void {
    let isOver = false;
    let tries = 0;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      source = new EventSource(`/api/events?client=${this.#client}`);
      source.addEventListener("open", () => {
        tries = 0;
        listener.onReach(true);
        // A server that was started anew knows of no questions.
        void this.#tellWatched();
      });
      source.addEventListener("model", (event) => {
        listener.onModel(JSON.parse((event as MessageEvent<string>).data) as ModelEvent);
      });
      source.addEventListener("progress", (event) => {
        listener.onProgress(JSON.parse((event as MessageEvent<string>).data) as Progress);
      });
      source.addEventListener("error", () => {
        source?.close();
        listener.onReach(false);
        if (isOver) return;
        timer = setTimeout(open, AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]);
        tries += 1;
      });
    };
    open();
    return () => {
      isOver = true;
      clearTimeout(timer);
      source?.close();
    };
  }

  async ask(question: Question, asking: Asking = {}): Promise<Reply> {
    const body = { question, ...(asking.slot ? { supersedes: asking.slot } : {}) };
    return (await this.#post("/api/ask", body, asking.signal)) as Reply;
  }

  async watch(questions: Record<string, Question>): Promise<void> {
    this.#watched = questions;
    await this.#tellWatched();
  }

  async edit(edit: Edit): Promise<Reply | { revision: string }> {
    return (await this.#post("/api/edit", edit)) as Reply | { revision: string };
  }

  async #tellWatched(): Promise<void> {
    await this.#post("/api/watch", { client: this.#client, questions: this.#watched });
  }

  async #post(path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    const headers = { "content-type": "application/json", "x-client": this.#client };
    try {
      const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
      return await response.json();
    } catch (error) {
      if (signal?.aborted) return { error: { code: "superseded", message: "a newer question", hint: null } };
      const hint = "start `keiretsu serve` again; the page comes back by itself";
      return { error: { code: "unreached", message: `the server does not answer (${error})`, hint } };
    }
  }
}
