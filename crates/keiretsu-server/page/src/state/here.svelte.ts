// The address of the page as state, and the way to change it. What is undone is the last change of words.

import { type Place, read, type Screen, write } from "../data/place.ts";
import type { Change } from "../data/wire.ts";

const KEPT = ["reading", "scenario", "as_of", "known_on", "paths"];

class Here {
  place = $state.raw<Place>(read(new URL(location.href)));
  /** States of the words that can be come back to, the oldest first. */
  past = $state.raw<Change[][]>([]);
  future = $state.raw<Change[][]>([]);
  /** A slider is held: answers may be rough. */
  isHeld = $state(false);
  #before: Change[] | null = null;

  constructor() {
    addEventListener("popstate", () => {
      this.place = read(new URL(location.href));
    });
  }

  get screen(): Screen {
    return this.place.screen;
  }

  get changes(): Change[] {
    return this.place.changes;
  }

  param(key: string, otherwise = ""): string {
    return this.place.params[key] ?? otherwise;
  }

  /** The address of another screen, with what holds on all of them. */
  to(screen: Screen, params: Record<string, string> = {}): string {
    const kept = Object.entries(this.place.params).filter(([key]) => KEPT.includes(key));
    return write({ screen, params: { ...Object.fromEntries(kept), ...params }, changes: this.changes });
  }

  follow(address: string): void {
    history.pushState(null, "", address);
    this.place = read(new URL(location.href));
  }

  set(params: Record<string, string>, how: "push" | "replace" = "push"): void {
    this.#move({ ...this.place, params: { ...this.place.params, ...params } }, how);
  }

  /** While a slider is held, `isHeld` is true: one step back is then to before it was touched. */
  change(place: string, words: string | null, isHeld = false): void {
    const others = this.changes.filter((change) => change.place !== place);
    const changes = words === null ? others : [...others, { place, words }];
    this.#before ??= this.changes;
    this.isHeld = isHeld;
    if (isHeld) {
      this.#move({ ...this.place, changes }, "replace");
      return;
    }
    this.past = [...this.past, this.#before];
    this.future = [];
    this.#before = null;
    this.#move({ ...this.place, changes }, "push");
  }

  changeAll(changes: Change[]): void {
    this.past = [...this.past, this.changes];
    this.future = [];
    this.#move({ ...this.place, changes }, "push");
  }

  undo(): void {
    const last = this.past.at(-1);
    if (!last) return;
    this.past = this.past.slice(0, -1);
    this.future = [...this.future, this.changes];
    this.#move({ ...this.place, changes: last }, "push");
  }

  redo(): void {
    const next = this.future.at(-1);
    if (!next) return;
    this.future = this.future.slice(0, -1);
    this.past = [...this.past, this.changes];
    this.#move({ ...this.place, changes: next }, "push");
  }

  #move(place: Place, how: "push" | "replace"): void {
    history[how === "push" ? "pushState" : "replaceState"](null, "", write(place));
    this.place = place;
  }
}

export const here = new Here();
