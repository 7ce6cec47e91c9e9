import { html, nothing, svg } from '../vendor/lit-html/lit-html.js';
import { evidenceTemplate } from './evidence.js';
import { movesTemplate } from './moves.js';

/** What to expect of the next run of a task: whether it succeeds, how long it takes, by which path. */
export function expectationTemplate(insight, { t, format }) {
  const { figures } = insight;
  const path = figures.usual_path ?? [];
  return html`
    <div class="expectation">
      ${chancesTemplate(figures, { t, format })}
      ${path.length === 0 ? nothing : html`
        <details>
          <summary>${t.usualPath(path.length)}</summary>
          <p class="quiet">${t.usualPathText(format.percent(figures.usual_path_similarity))}</p>
          ${movesTemplate(path)}
        </details>`}
      ${evidenceTemplate(insight, { t, format })}
    </div>`;
}

/** Whether a run succeeds, and how long it takes. */
export function chancesTemplate(figures, { t, format }) {
  return html`
    ${intervalTemplate(figures)}
    <p>${t.insight.expectation(figures, format)}
      ${figures.duration_p50_ms === undefined ? nothing : t.usualDuration(figures, format)}</p>`;
}

/** From nothing to all: where the share of successes is, and where the true one may be. The sentence beside it says the same. */
function intervalTemplate({ success_rate: rate, success_rate_low: low, success_rate_high: high }) {
  return html`
    <svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${svg`
      <rect class="all" width="100" height="10"></rect>
      <rect class="likely" x=${100 * low} width=${100 * (high - low)} height="10"></rect>
      <rect class="rate" x=${Math.min(99, 100 * rate)} width="1" height="10"></rect>`}
    </svg>`;
}
