//! Every text stands in both languages, side by side in its feature's `texts.ts`.

/** A tree of texts. */
export type Tree = { readonly [key: string]: string | Tree };

/** The same keys, other words. */
export type Same<T extends Tree> = {
  readonly [K in keyof T]: T[K] extends Tree ? Same<T[K]> : string;
};

/** Texts in both languages; a key that one of them lacks does not compile. */
export function texts<const Zh extends Tree>(both: {
  zh: Zh;
  en: Same<Zh>;
}): {
  zh: Zh;
  en: Same<Zh>;
} {
  return both;
}
