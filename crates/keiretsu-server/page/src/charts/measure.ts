// Widths of words as the browser draws them, and lines that are never cut.

const FONT = 'Inter, "Helvetica Neue", Arial, "Liberation Sans", sans-serif';
const context = document.createElement("canvas").getContext("2d");

export function widthOf(text: string, size = 12, weight = "400"): number {
  if (context === null) return text.length * size * 0.6;
  context.font = `${weight} ${size}px ${FONT}`;
  return context.measureText(text).width;
}

/** Breaks at words. A word that is wider than the line keeps its own. */
export function wrap(text: string, width: number, size = 12, weight = "400"): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || widthOf(longer, size, weight) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
}
