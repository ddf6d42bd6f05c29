// Faults of a page that a reader would see: text that is cut, covered, outside of the page or too small, found
// in a real browser. `inPage` runs inside of the page.

export const SMALLEST = 11;

export function inPage(smallest) {
  const faults = [];
  const shown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const scrolls = (element) => {
    for (let at = element; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (/auto|scroll/.test(style.overflowX) && at.scrollWidth > at.clientWidth) return true;
    }
    return false;
  };
  // How large a letter of an element is on the screen.
  const size = (element) => {
    const size = parseFloat(getComputedStyle(element).fontSize);
    const svg = element.closest("svg");
    const box = svg?.viewBox.baseVal;
    return box?.width ? (size * svg.getBoundingClientRect().width) / box.width : size;
  };
  if (document.documentElement.scrollWidth > innerWidth + 1) {
    faults.push(`the page is ${document.documentElement.scrollWidth} px wide in ${innerWidth}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const places = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("title, style, script") || !shown(element)) continue;
    const words = node.data.trim().slice(0, 40);
    if (size(element) < smallest - 0.05) faults.push(`"${words}" is ${size(element).toFixed(1)} px high`);
    const range = document.createRange();
    range.selectNodeContents(node);
    const scrolled = scrolls(element);
    const svg = element.closest("svg")?.getBoundingClientRect();
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      if (!scrolled && (rect.left < -1 || rect.right > innerWidth + 1)) faults.push(`"${words}" leaves the page`);
      if (svg && (rect.left < svg.left - 1 || rect.right > svg.right + 1 || rect.top < svg.top - 2 || rect.bottom > svg.bottom + 2)) {
        faults.push(`"${words}" leaves its drawing`);
      }
      if (!scrolled) places.push({ rect, element, words });
    }
    const frame = element.closest("svg") ? null : element;
    if (frame && getComputedStyle(frame).overflowX === "hidden" && frame.scrollWidth > frame.clientWidth + 1) {
      faults.push(`"${words}" is cut`);
    }
  }
  faults.push(...overlaps(places), ...covered(places));
  return faults;

  // Words over words. Lines of one sentence may touch.
  function overlaps(places) {
    const faults = [];
    const sorted = [...places].sort((a, b) => a.rect.top - b.rect.top);
    for (let at = 0; at < sorted.length; at++) {
      const one = sorted[at].rect;
      for (let next = at + 1; next < sorted.length && sorted[next].rect.top < one.bottom - 3; next++) {
        const other = sorted[next].rect;
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - other.top;
        const related = sorted[at].element === sorted[next].element;
        if (across > 2 && down > 4 && !related) faults.push(`"${sorted[at].words}" covers "${sorted[next].words}"`);
      }
    }
    return faults;
  }

  // Something else on top of words. The window is as high as the page.
  function covered(places) {
    const faults = [];
    for (const { rect, element, words } of places) {
      const top = document.elementFromPoint((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2);
      if (top && top !== element && !top.contains(element) && !element.contains(top)) {
        faults.push(`"${words}" is covered by ${top.tagName.toLowerCase()}.${top.getAttribute("class") ?? ""}`);
      }
    }
    return faults;
  }
}
