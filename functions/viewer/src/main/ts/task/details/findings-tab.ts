import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { Report } from '../../api/types.ts';
import { Listen } from '../../components/listen.ts';
import { addressOf, normalizeInstruction } from '../../insights/insight-groups.ts';
import { controls } from '../../styles/controls.ts';
import { describeAction } from '../action-text.ts';
import type { TaskView } from '../task-view.ts';
import { describeFinding, describeSuggestion } from './finding-text.ts';
import './long-text.ts';
import { panelStyles } from './panel-styles.ts';

const MAX_STEP_LINKS = 40;

/** Returns the number of findings and suggestions of a task. */
export function countFindings(report: Report | null): number {
  return report === null ? 0 : report.error_causes.length + report.findings.length + report.suggestions.length;
}

/** Problems of the task with their steps, suggestions, and statistics of its steps. */
export class FindingsTab extends LitElement {
  static override styles = [controls, panelStyles, css`
    li {
      overflow-wrap: anywhere;
      padding: 8px 0;
      border-top: 1px solid var(--st-border);
    }

    .steps {
      display: flex;
      flex-wrap: wrap;
      gap: 2px;
      margin-top: 4px;
    }

    .steps button {
      height: 24px;
      min-width: 24px;
      padding: 0 6px;
      font-size: var(--st-size-small);
    }

    .counts {
      display: grid;
      grid-template-columns: minmax(80px, auto) minmax(40px, 1fr) auto;
      align-items: center;
      gap: 4px 10px;
    }

    meter {
      width: 100%;
      height: 10px;
    }
  `];

  @property({ attribute: false }) view!: TaskView;

  constructor() {
    super();
    new Listen(this, () => this.view.model);
  }

  override render() {
    const { model: { report }, context: { t, format } } = this.view;
    const tab = t.task.findingsTab;
    if (report === null) {
      return html`<p class="muted">${t.common.loading}</p>`;
    }
    return html`
      ${report.error_causes.length === 0 ? nothing : html`
        <section><h3>${tab.errors}</h3><ul>${report.error_causes.map(({ cause, count, first_step: first, last_step: last }) => html`
          <li><st-long-text .context=${this.view.context} .text=${cause ?? tab.withoutMessage}></st-long-text> ${count > 1 ? html`<span class="muted">${format.number(count)}×</span>` : nothing}
            ${this.#steps(first === last ? [first] : [first, last])}</li>`)}</ul></section>`}
      ${report.findings.length === 0 ? nothing : html`
        <section><h3>${tab.findings}</h3><ul>${report.findings.map(({ kind, detail, steps }) => html`
          <li><span dir="auto">${describeFinding(kind, detail, t.task, format)}</span>${this.#steps(steps)}</li>`)}</ul></section>`}
      ${report.suggestions.length === 0 ? nothing : html`
        <section><h3>${tab.suggestions}</h3><ul>${report.suggestions.map(({ kind, figures, steps }) => html`
          <li><span dir="auto">${describeSuggestion(kind, figures, t.task, format)}</span>
            ${typeof figures['task_id'] === 'string' && !this.view.context.isShared
              ? html` <a href=${`/compare?a=${figures['task_id']}&b=${report.task_id}`}>${tab.compare}</a>` : nothing}
            ${this.#steps(steps)}</li>`)}</ul></section>`}
      ${countFindings(report) === 0 ? html`<p class="muted">${tab.none}</p>` : nothing}
      ${report.expectation === null ? nothing : html`
        <section><h3>${tab.sameInstruction}</h3>
          <p>${tab.expectation(format.number(report.expectation.successes), format.number(report.expectation.tasks), format.percent(report.expectation.success_rate))}</p>
        </section>`}
      ${this.#insights(report)}
      ${this.#statistics(report)}
    `;
  }

  #insights({ description, name }: Report) {
    const { t, isShared } = this.view.context;
    const instruction = normalizeInstruction(description ?? name ?? '');
    return isShared || instruction === '' ? nothing
      : html`<p><a href=${addressOf({ kind: null, instruction })}>${t.task.findingsTab.insights}</a></p>`;
  }

  #statistics(report: Report) {
    const { t, format } = this.view.context;
    const tab = t.task.findingsTab;
    const figures: [string, string][] = [
      [tab.meanStep, format.duration(report.step_durations.mean_ms)],
      [tab.p95Step, format.duration(report.step_durations.p95_ms)],
      [tab.modelTime, format.duration(report.model_time.mean_ms)],
      [tab.pauses, format.duration(report.gaps_between_steps.total_ms)],
    ];
    const actions = Object.entries(report.steps_by_action);
    const most = Math.max(1, ...actions.map(([, count]) => count));
    return html`
      <section><h3>${tab.statistics}</h3>
        ${report.truncated ? html`<p class="muted small">${tab.truncated(format.number(report.summarised_steps), format.number(report.total_steps))}</p>` : nothing}
        <dl class="facts">${figures.map(([name, value]) => html`<dt>${name}</dt><dd class="number">${value}</dd>`)}</dl>
      </section>
      ${actions.length === 0 ? nothing : html`
        <section><h3>${tab.actions}</h3>
          <div class="counts">${actions.map(([name, count]) => html`
            <span class="ellipsis" dir="auto">${describeAction(name, {}, t.task)}</span><meter min="0" max=${most} value=${count} aria-hidden="true"></meter>
            <span class="number">${format.number(count)}</span>`)}</div>
        </section>`}`;
  }

  #steps(steps: readonly number[]) {
    const { playback, context: { t, format } } = this.view;
    return steps.length === 0 ? nothing : html`
      <span class="steps">${steps.slice(0, MAX_STEP_LINKS).map((step) => html`
        <button aria-label=${t.task.tab.showStep(step)} @click=${() => { playback.seekNumber(step); }}>${step}</button>`)}
        ${steps.length > MAX_STEP_LINKS ? html`<span class="muted">${t.task.findingsTab.more(format.number(steps.length - MAX_STEP_LINKS))}</span>` : nothing}
      </span>`;
  }
}

customElements.define('st-findings-tab', FindingsTab);
