import { css, html, type TemplateResult } from 'lit';
import type { Texts } from '../i18n/en.ts';

/** The first or the second of two tasks. */
export type Side = 0 | 1;

export const SIDES: readonly Side[] = [0, 1];

/** Styles of two tasks side by side, and of {@link sideLabel}. */
export const sideStyles = css`
  .pair {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    min-height: 0;
  }

  .pair > :first-child {
    border-right: 1px solid var(--st-border);
  }

  .side {
    flex: none;
    width: 20px;
    border-radius: 3px;
    background: var(--st-surface-2);
    color: var(--st-text-muted);
    font-size: var(--st-size-small);
    font-weight: 600;
    line-height: 20px;
    text-align: center;
  }
`;

/** Returns the letter of a task. */
export function sideLabel(side: Side, { compare: t }: Texts): TemplateResult {
  return html`<span class="side">${t.sides[side]}</span>`;
}
