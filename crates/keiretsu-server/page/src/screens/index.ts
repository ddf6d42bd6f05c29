// The screens by their names.

import type { Component } from "svelte";
import type { Screen } from "../data/place.ts";
import Answer from "./Answer.svelte";
import Cash from "./Cash.svelte";
import Circularity from "./Circularity.svelte";
import Compare from "./Compare.svelte";
import Exposure from "./Exposure.svelte";
import Outcomes from "./Outcomes.svelte";
import Text from "./Text.svelte";
import Web from "./Web.svelte";
import WhatIf from "./WhatIf.svelte";

const ALL: Record<Screen, Component> = {
  answer: Answer,
  web: Web,
  cash: Cash,
  compare: Compare,
  circularity: Circularity,
  exposure: Exposure,
  outcomes: Outcomes,
  "what-if": WhatIf,
  text: Text,
};

export const screenOf = (screen: Screen): Component => ALL[screen];
