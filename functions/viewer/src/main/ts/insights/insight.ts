import { LitElement, css, html, nothing, svg } from 'lit';
import { property } from 'lit/decorators.js';
import type { Insight } from '../api/types.ts';
import type { AppContext } from '../app-context.ts';
import { icon, type IconName } from '../components/icons.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { actionsTemplate, evidence, evidenceStyles } from './evidence.ts';
import { Figures } from './figures.ts';
import { type Kind, isKind } from './insight-groups.ts';

const MAX_NAME = 80;
const MAX_ERROR = 300;

const ICONS: Readonly<Record<Kind, IconName>> = {
  regression: 'warning',
  false_success: 'cross',
  flaky: 'half',
  similar_failures: 'cross',
  failures_on_screen: 'device',
  path_deviation: 'swipe',
  slow_step: 'wait',
  shorter_path: 'check',
  frequent_sequence: 'copy',
  expectation: 'info',
};
const FAILURES: readonly string[] = ['regression', 'false_success', 'similar_failures', 'failures_on_screen'];

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** One insight: a sentence, the values that it compares, and links to its tasks and steps. */
export class InsightItem extends LitElement {
  static override styles = [controls, evidenceStyles, css`
    article {
      display: grid;
      grid-template-columns: 160px minmax(0, 1fr);
      gap: 2px 14px;
    }

    h3 {
      display: flex;
      align-items: flex-start;
      gap: 6px;
      color: var(--st-warning);
      font-weight: 500;
    }

    h3 .icon {
      flex: none;
      margin-top: 2px;
    }

    .bad h3 {
      color: var(--st-failure);
    }

    .good h3 {
      color: var(--st-success);
    }

    .body {
      display: grid;
      gap: 4px;
      min-width: 0;
      overflow-wrap: anywhere;
    }

    q {
      padding-left: 10px;
      border-left: 3px solid var(--st-failure);
      quotes: none;
    }

    .compared {
      display: grid;
      grid-template-columns: minmax(60px, max-content) 140px minmax(0, 1fr);
      align-items: center;
      gap: 2px 10px;
    }

    .compared li {
      display: contents;
    }

    .bar {
      width: 140px;
      height: 8px;
      border-radius: 4px;
      background: var(--st-border);
      fill: var(--st-text-muted);
    }

    @media (width < 700px) {
      article {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property({ attribute: false }) insight!: Insight;

  override render() {
    const { insight, context: { t: { insights: t }, format } } = this;
    const { kind } = insight;
    const figures = new Figures(insight.figures, format);
    const error = figures.text('error');
    const actions = figures.texts('actions');
    return html`
      <article class=${FAILURES.includes(kind) ? 'bad' : kind === 'shorter_path' ? 'good' : ''}>
        <h3>${icon(isKind(kind) ? ICONS[kind] : 'info')}${isKind(kind) ? t.kinds[kind] : kind}</h3>
        <div class="body">
          ${isKind(kind) ? html`<p>${t.sentences[kind](figures)}</p>` : nothing}
          ${error ? html`<q dir="auto">${truncate(error, MAX_ERROR)}</q>` : nothing}
          ${actions.length > 0 ? actionsTemplate(actions) : nothing}
          ${this.#bars(kind, figures)}
          ${evidence(insight, this.context)}
        </div>
      </article>`;
  }

  /** The two values that an insight compares. */
  #bars(kind: string, figures: Figures) {
    const { t: { insights: t, common }, format } = this.context;
    const bars: Bar[] = [];
    const isRate = figures.text('what') === 'success';
    if (kind === 'regression') {
      for (const [name, value, tasks] of [['from', 'before', 'tasks_before'], ['to', 'after', 'tasks_after']] as const) {
        const count = t.taskCount(figures.value(tasks), figures.number(tasks));
        bars.push({ name: figures.text(name), value: figures.value(value), text: `${isRate ? figures.percent(value) : figures.duration(value)} (${count})` });
      }
    } else if (kind === 'shorter_path') {
      for (const [name, steps] of [[t.usual, 'usual_steps'], [t.shorter, 'steps']] as const) {
        bars.push({ name, value: figures.value(steps), text: common.steps(figures.value(steps), format.number(figures.value(steps))) });
      }
    }
    const max = kind === 'regression' && isRate ? 1 : Math.max(...bars.map(({ value }) => value));
    return bars.length === 0 ? nothing : html`
      <ul class="compared">${bars.map(({ name, value, text }) => html`
        <li><span dir="auto">${truncate(name, MAX_NAME)}</span>
          <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${svg`
            <rect width=${max > 0 ? (100 * value) / max : 0} height="8"></rect>`}</svg>
          <span class="number">${text}</span></li>`)}</ul>`;
  }
}

customElements.define('st-insight', InsightItem);
