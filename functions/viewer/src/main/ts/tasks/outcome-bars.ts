import { html, svg, type TemplateResult } from 'lit';
import type { RecentOutcome } from './task-groups.ts';

/** The number of tasks whose outcomes the API returns. */
const PLACES = 20;
const WIDTH = 6;
const GAP = 2;
const HEIGHT = 22;
/** Outcomes differ in height and colour, so that the colour is not needed to tell them apart. */
const HEIGHTS: Readonly<Record<RecentOutcome, number>> = { pass: 20, unclear: 13, fail: 7, running: 3 };

/** Returns a bar per task, the newest at the right. The user of it sets the colours of the classes. */
export function outcomeBars(outcomes: readonly RecentOutcome[], label: string): TemplateResult {
  const start = PLACES - outcomes.length;
  return html`<svg class="bars" viewBox="0 0 ${PLACES * (WIDTH + GAP)} ${HEIGHT}" preserveAspectRatio="xMinYMid meet" role="img" aria-label=${label}>${
    outcomes.map((outcome, index) => svg`<rect class=${outcome} x=${(start + index) * (WIDTH + GAP)} y=${HEIGHT - HEIGHTS[outcome]}
      width=${WIDTH} height=${HEIGHTS[outcome]} rx="1"/>`)}</svg>`;
}
