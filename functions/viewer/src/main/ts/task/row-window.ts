import { css, type LitElement, type ReactiveController } from 'lit';
import { visibleRange, type ItemRange } from './fixed-window.ts';

const ROW_HEIGHT = 30;
const OVERSCAN = 6;

/** Styles of the rows of a {@link RowWindow}. */
export const rowStyles = css`
  .viewport {
    overflow: hidden auto;
    outline-offset: -2px;
  }

  ol {
    position: relative;
  }

  li {
    position: absolute;
    right: 0;
    left: 0;
    display: grid;
    height: 30px;
    border-left: 3px solid transparent;
    cursor: pointer;
  }

  li:hover {
    background: var(--st-surface-2);
  }

  li[aria-selected='true'] {
    border-left-color: var(--st-accent);
    background: var(--st-accent-quiet);
  }

  .place {
    color: var(--st-text-muted);
    font-size: var(--st-size-small);
    text-align: right;
  }

  .icon {
    color: var(--st-text-muted);
  }

  .empty {
    padding: 24px 12px;
    text-align: center;
  }
`;

interface Rows {
  readonly count: number;
  /** The index of the selected row; -1 if it is not among them. */
  readonly selected: number;
}

/**
 * Lets its host render only the rows near the visible part of a list, and scrolls to the selected row. The host renders
 * `<div class="viewport"><ol><li data-place=…>`, with the index of the row as its place.
 */
export class RowWindow implements ReactiveController {
  readonly #host: LitElement;
  readonly #rows: () => Rows;
  readonly #resize = new ResizeObserver(() => { this.#host.requestUpdate(); });
  #range: ItemRange = { first: 0, end: 0 };
  #revealed = -1;

  constructor(host: LitElement, rows: () => Rows) {
    this.#host = host;
    this.#rows = rows;
    host.addController(this);
  }

  hostConnected(): void {
    this.#resize.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#resize.disconnect();
  }

  /** Returns the rows that the host renders now. */
  render(): ItemRange {
    this.#range = this.#visibleRange();
    return this.#range;
  }

  /** The policy of the page forbids style attributes in templates, but not changes of the style by a script. */
  hostUpdated(): void {
    const list = this.#host.renderRoot.querySelector('ol');
    const { count, selected } = this.#rows();
    if (list === null) {
      return;
    }
    list.style.height = `${count * ROW_HEIGHT}px`;
    for (const row of list.querySelectorAll('li')) {
      row.style.top = `${Number(row.dataset['place']) * ROW_HEIGHT}px`;
    }
    if (selected !== this.#revealed) { // also if rows have arrived before it
      this.#revealed = selected;
      this.#reveal(selected);
    }
  }

  /** For the viewport's `scroll` event. */
  readonly onScroll = (): void => {
    const { first, end } = this.#visibleRange();
    if (first !== this.#range.first || end !== this.#range.end) {
      this.#host.requestUpdate();
    }
  };

  /**
   * Returns the row to which a key moves; null if it is not a key for moving.
   *
   * @param from the index of the row from which it moves
   */
  targetOf(event: KeyboardEvent, from: number): number | null {
    const page = Math.max(1, Math.floor((this.#viewport?.clientHeight ?? 0) / ROW_HEIGHT) - 1);
    const last = this.#rows().count - 1;
    const targets: Record<string, number> = {
      ArrowUp: from - 1, ArrowDown: from + 1, PageUp: from - page, PageDown: from + page, Home: 0, End: last,
    };
    const target = targets[event.key];
    return target === undefined || event.ctrlKey || event.metaKey || event.altKey ? null : Math.max(0, Math.min(last, target));
  }

  get #viewport(): HTMLElement | null {
    return this.#host.renderRoot.querySelector('.viewport');
  }

  #visibleRange(): ItemRange {
    const viewport = this.#host.hasUpdated ? this.#viewport : null;
    return visibleRange(viewport?.scrollTop ?? 0, viewport?.clientHeight ?? this.#host.clientHeight, ROW_HEIGHT, this.#rows().count, OVERSCAN);
  }

  #reveal(place: number): void {
    const viewport = this.#viewport;
    const top = place * ROW_HEIGHT;
    if (viewport && place >= 0 && (top < viewport.scrollTop || top + ROW_HEIGHT > viewport.scrollTop + viewport.clientHeight)) {
      viewport.scrollTop = top - (viewport.clientHeight - ROW_HEIGHT) / 2;
      this.onScroll();
    }
  }
}
