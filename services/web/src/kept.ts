//! What this browser keeps between visits: choices, nothing personal.

type Name = "language" | "company" | "estate";

/** What was kept; a browser that keeps nothing answers as on the first visit. */
export function kept(name: Name): string | null {
  try {
    return localStorage.getItem(`commonhold.${name}`);
  } catch {
    return null;
  }
}

/** Keeps a choice. Where storage is switched off, it lasts as long as the page. */
export function keep(name: Name, value: string): void {
  try {
    localStorage.setItem(`commonhold.${name}`, value);
  } catch {
    // There is nothing to be done about it, and nothing is lost but the comfort.
  }
}
