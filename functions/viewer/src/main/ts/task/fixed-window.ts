/** A range of items in a list whose items have the same size. */
export interface ItemRange {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Returns the items to render: those in the viewport, and some before and after it.
 *
 * @param scroll the scroll position in pixels
 * @param viewport the size of the viewport in pixels
 */
export function visibleRange(scroll: number, viewport: number, itemSize: number, count: number, overscan: number): ItemRange {
  const first = Math.min(Math.max(0, Math.floor(scroll / itemSize) - overscan), count);
  const end = Math.min(count, Math.ceil((scroll + viewport) / itemSize) + overscan);
  return { first, end: Math.max(first, end) };
}
