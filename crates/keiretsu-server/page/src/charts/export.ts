// What is on the page as files: tables as CSV, drawings as SVG and PNG with the colours that are seen.

import type { Row, Table } from "../data/table.ts";

const STYLES = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-size",
  "font-weight",
  "font-family",
  "text-anchor",
  "display",
];

export function save(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function csv(table: Table, rows: Row[] = table.rows): string {
  const first = rows[0]?.wire ?? {};
  const keys = Object.keys(first);
  const line = (cells: unknown[]): string => cells.map(quoted).join(",");
  return `${[line(keys), ...rows.map(({ wire }) => line(keys.map((key) => wire[key])))].join("\n")}\n`;
}

// A word that a spreadsheet would run is written as a word.
function quoted(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  const text = String(cell);
  const safe = /^[=+\-@\t]/.test(text) && text !== "=" ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function svgText(drawn: SVGSVGElement): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const from = [drawn, ...drawn.querySelectorAll("*")];
  const into = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, at) => {
    const seen = getComputedStyle(element);
    for (const style of STYLES) into[at]?.setAttribute(style, seen.getPropertyValue(style));
    into[at]?.removeAttribute("class");
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

export async function png(drawn: SVGSVGElement, scale = 2): Promise<Blob | null> {
  const { width, height } = drawn.getBoundingClientRect();
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgText(drawn))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve));
}
