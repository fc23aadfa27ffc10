const STORED_AS = "commonhold.estate";

/** The code of the estate that this browser showed last. */
export function lastEstate(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

/** Keeps where the person works for the next visit. */
export function rememberEstate(code: string): void {
  try {
    localStorage.setItem(STORED_AS, code);
  } catch {
    // Storage may be switched off; the console then opens with the first estate.
  }
}
