/** Returns the text or, if it is longer than `max` UTF-16 units, its start with an ellipsis. Does not split a surrogate pair. */
export function truncate(text: string, max: number): string {
  if (text.length <= max) {
    return text;
  }
  const isSplit = (text.codePointAt(max - 1) ?? 0) > 0xffff;
  return `${text.slice(0, isSplit ? max - 1 : max)}…`;
}
