// How the editor looks: the page's own colours, light and dark.

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const look = EditorView.theme({
  "&": { backgroundColor: "var(--bg)", color: "var(--ink)", fontSize: "13px", maxHeight: "75vh" },
  "&.cm-focused": { outline: "2px solid var(--link)", outlineOffset: "-2px" },
  ".cm-scroller": { overflow: "auto", fontFamily: 'ui-monospace, "Liberation Mono", monospace' },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--ink3)", border: "none" },
  ".cm-activeLine": { backgroundColor: "var(--panel)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--cap2)" },
  ".cm-tooltip": { backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)" },
});

export const words = HighlightStyle.define([
  { tag: tags.comment, color: "var(--ink3)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--pr)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--ink)" },
  { tag: [tags.atom, tags.number, tags.bool], color: "var(--svc)" },
  { tag: [tags.bracket, tags.heading], color: "var(--cap)" },
]);
