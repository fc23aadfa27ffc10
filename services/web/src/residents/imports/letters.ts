/** The letters of a column as Excel shows them, e.g. `A` of 0 and `AB` of 27. */
export function letters(index: number): string {
  const rest = Math.floor(index / 26);
  const last = String.fromCharCode(65 + (index % 26));
  return rest > 0 ? letters(rest - 1) + last : last;
}

/** The column of letters, counted from 0; `undefined` when they name none. */
export function columnIndex(typed: string): number | undefined {
  const text = typed.trim().toUpperCase();
  if (!/^[A-Z]{1,3}$/.test(text)) return undefined;
  return [...text].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
