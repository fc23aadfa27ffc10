/** The longest entry that the address lies below. */
export function selected(pathname: string, entries: readonly string[]): string {
  const above = entries.filter(entry => pathname === entry || pathname.startsWith(`${entry}/`));
  return above.reduce((longest, entry) => (entry.length > longest.length ? entry : longest), "");
}
