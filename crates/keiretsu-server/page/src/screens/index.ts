// The screens by their names.

import type { Component } from "svelte";
import type { Screen } from "../data/place.ts";
import Answer from "./Answer.svelte";
import Cash from "./Cash.svelte";
import Circularity from "./Circularity.svelte";
import Compare from "./Compare.svelte";
import Exposure from "./Exposure.svelte";
import Web from "./Web.svelte";
import WhatIf from "./WhatIf.svelte";

const ALL: Partial<Record<Screen, Component>> = {
  answer: Answer,
  cash: Cash,
  circularity: Circularity,
  compare: Compare,
  exposure: Exposure,
  web: Web,
  "what-if": WhatIf,
};

export const screenOf = (screen: Screen): Component => ALL[screen] ?? Answer;
