//! Stands for `@rc-component/util/es/Dom/dynamicCSS`, the one place where Ant Design writes style
//! elements. Our Content-Security-Policy forbids those; adopted style sheets need no exception.

type Options = { prepend?: boolean | "queue"; priority?: number; mark?: string };

type Entry = { sheet: CSSStyleSheet; css: string; node: HTMLStyleElement; rank: number };

const entries = new Map<string, Entry>();

/** Prepended sheets come first, by priority, so that later ones win as the library means it. */
function rank({ prepend, priority = 0 }: Options): number {
  return prepend ? priority : Number.POSITIVE_INFINITY;
}

function adopt() {
  const ours = new Set([...entries.values()].map(entry => entry.sheet));
  const others = document.adoptedStyleSheets.filter(sheet => !ours.has(sheet));
  const sorted = [...entries.values()].sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank));
  document.adoptedStyleSheets = [...sorted.map(entry => entry.sheet), ...others];
}

/** Sets the style of a key. The element is where the library keeps its marks; it stays outside. */
export function updateCSS(css: string, key: string, options: Options = {}): HTMLStyleElement {
  const name = `${options.mark ?? ""}|${key}`;
  const known = entries.get(name);
  if (known) {
    if (known.css !== css) known.sheet.replaceSync(css);
    known.css = css;
    return known.node;
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const node = document.createElement("style");
  entries.set(name, { sheet, css, node, rank: rank(options) });
  adopt();
  return node;
}

/** Takes the style of a key away. */
export function removeCSS(key: string, options: Options = {}): void {
  if (entries.delete(`${options.mark ?? ""}|${key}`)) adopt();
}

/** A style without a key stays for good. */
export function injectCSS(css: string, options: Options = {}): HTMLStyleElement {
  return updateCSS(css, `injected-${entries.size}`, options);
}

/** There is nothing to forget. */
export function clearContainerCache(): void {}
