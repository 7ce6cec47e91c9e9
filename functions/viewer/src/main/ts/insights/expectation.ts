import { LitElement, css, html, nothing, svg } from 'lit';
import { property } from 'lit/decorators.js';
import type { Insight } from '../api/types.ts';
import type { AppContext } from '../app-context.ts';
import { controls } from '../styles/controls.ts';
import { actionsTemplate, evidence, evidenceStyles } from './evidence.ts';
import { Figures } from './figures.ts';

/** How many tasks of an instruction succeed, how long they take, and by which path. */
export class Expectation extends LitElement {
  static override styles = [controls, evidenceStyles, css`
    :host {
      display: grid;
      grid-template-columns: 160px minmax(0, 1fr);
      align-items: center;
      gap: 4px 14px;
      margin-top: 6px;
    }

    .interval {
      width: 160px;
      height: 8px;
      border-radius: 4px;
      background: var(--st-surface-2);
    }

    .likely {
      fill: color-mix(in srgb, var(--st-accent) 35%, transparent);
    }

    .rate {
      fill: var(--st-accent);
    }

    details,
    .evidence {
      grid-column: 2;
    }

    summary {
      width: fit-content;
      color: var(--st-text-muted);
      cursor: pointer;
    }

    details > * + * {
      margin-top: 4px;
    }

    @media (width < 700px) {
      :host {
        grid-template-columns: minmax(0, 1fr);
      }

      details,
      .evidence {
        grid-column: 1;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property({ attribute: false }) insight!: Insight;

  override render() {
    const { insight, context: { t: { insights: t }, format } } = this;
    const figures = new Figures(insight.figures, format);
    const [low, rate, high] = ['success_rate_low', 'success_rate', 'success_rate_high'].map((name) => 100 * figures.value(name)) as [number, number, number];
    const path = figures.texts('usual_path');
    return html`
        <svg class="interval" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${svg`
          <rect class="likely" x=${low} width=${high - low} height="8"></rect>
          <rect class="rate" x=${Math.min(98.5, rate)} width="1.5" height="8"></rect>`}</svg>
        <p>${t.sentences.expectation(figures)} ${figures.has('duration_p50_ms') ? t.sentences.duration(figures) : nothing}</p>
        ${path.length === 0 ? nothing : html`
          <details>
            <summary>${t.usualPath(format.number(path.length))}</summary>
            <p class="muted small">${t.usualPathHint(figures.percent('usual_path_similarity'))}</p>
            ${actionsTemplate(path)}
          </details>`}
        ${evidence(insight, this.context)}`;
  }
}

customElements.define('st-expectation', Expectation);
