import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { Report, Step } from '../../api/types.ts';
import { icon } from '../../components/icons.ts';
import { Listen } from '../../components/listen.ts';
import '../../components/outcome.ts';
import { controls } from '../../styles/controls.ts';
import { compareWithLastSuccess } from '../last-success.ts';
import type { TaskView } from '../task-view.ts';
import './chip-list.ts';
import type { ChipList } from './chip-list.ts';
import { describeFinding } from './finding-text.ts';
import './long-text.ts';
import { MAX_FIELDS, moreFields } from './more-fields.ts';
import { panelStyles } from './panel-styles.ts';
import './recorded-text.ts';

/** How the task ended and why, who ran it, what it took, and its verdicts and tags. */
export class TaskTab extends LitElement {
  static override styles = [controls, panelStyles, css`
    .verdicts li {
      padding: 4px 0;
      border-top: 1px solid var(--st-border);
    }

    .instruction {
      font-size: 14px;
      font-weight: 500;
    }
  `];

  @property({ attribute: false }) view!: TaskView;

  constructor() {
    super();
    new Listen(this, () => this.view.model);
  }

  focusTagInput(): void {
    this.renderRoot.querySelector<ChipList>('st-chip-list')?.focusInput();
  }

  override render() {
    const { model: { report }, context: { t, format, isShared } } = this.view;
    if (report === null) {
      return html`<p class="muted">${t.common.loading}</p>`;
    }
    const tab = t.task.tab;
    const instruction = report.description ?? report.name;
    const field = report.description === null ? 'name' : 'description';
    return html`
      <section>
        <h3>${tab.instruction}</h3>
        ${instruction === null ? html`<p class="muted">${t.common.untitled}</p>`
          : html`<st-recorded-text class="instruction" .context=${this.view.context} .text=${instruction} .source=${report.task_id}
            .field=${field} .bytes=${sizeOf(report, field)}></st-recorded-text>`}
      </section>
      ${this.#outcome(report)}
      <section>
        <h3>${tab.facts}</h3>
        <dl class="facts">${this.#facts(report).map(([name, value]) => html`<dt>${name}</dt><dd dir="auto">${value}</dd>`)}</dl>
      </section>
      ${isShared && report.tags.length === 0 ? nothing : html`
        <section>
          <h3>${tab.tags}</h3>
          <st-chip-list .t=${t} .items=${report.tags} .readonly=${isShared} .addLabel=${tab.addTag}
            @add=${this.#addTag} @remove=${this.#removeTag}></st-chip-list>
        </section>`}
      ${report.verdicts.length === 0 ? nothing : html`
        <section>
          <h3>${tab.verdicts}</h3>
          <ul class="verdicts">${report.verdicts.map((verdict) => html`
            <li>
              <strong>${typeof verdict.value === 'number' ? html`<bdi>${verdict.name}</bdi>: ${format.number(verdict.value)}`
                : html`${verdict.name === 'success' ? nothing : html`<bdi>${verdict.name}</bdi>: `}${t.common.verdict[verdict.value]}`}</strong>
              <span class="muted small"><bdi>${verdict.source === 'human' ? verdict.author ?? tab.human : verdict.evaluator}</bdi>
                <bdi>${verdict.source === 'human' ? nothing : verdict.evaluator_version}</bdi> · ${format.time(verdict.judged_at)}</span>
              ${verdict.reason === null ? nothing : html`<st-long-text .context=${this.view.context} .text=${verdict.reason}></st-long-text>`}
            </li>`)}</ul>
        </section>`}
      ${this.#json(tab.attributes, report.attributes)}
      ${this.#json(tab.metadata, report.metadata)}
    `;
  }

  #outcome(report: Report) {
    const { context, playback } = this.view;
    const { t, isShared } = context;
    const tab = t.task.tab;
    const error = report.errors.at(-1);
    const hasMessage = report.message !== null && report.message !== '';
    const reason = report.end_reason === null ? tab.running
      : report.end_reason === 'ended_without_finish' && hasMessage ? '' : tab.endReasons[report.end_reason];
    const wentOn = error !== undefined && this.view.model.isComplete && error.step_number < (playback.steps.at(-1)?.step_number ?? 0);
    const repetitions = report.success === true ? [] : report.findings.filter(({ kind }) => kind === 'loop' || kind === 'no_progress');
    const deviation = report.findings.find(({ kind }) => kind === 'path_deviation')?.steps[0];
    return html`
      <section>
        <h3>${tab.outcome}</h3>
        <p><st-outcome .t=${t} .task=${report}></st-outcome> <span class="muted">${reason}</span></p>
        ${hasMessage ? html`<st-recorded-text .context=${context} .text=${report.message} .source=${report.task_id} .field=${'message'}
          .bytes=${sizeOf(report, 'message')}></st-recorded-text>` : nothing}
      </section>
      ${error === undefined ? nothing : html`
        <section class=${report.success === true ? '' : 'error'}>
          <p>
            <strong>${wentOn ? tab.earlierError(error.step_number) : tab.lastError(error.step_number)}</strong>
            ${report.failed_steps > 1 ? html`<span class="muted">${tab.failedSteps(context.format.number(report.failed_steps))}</span>` : nothing}
          </p>
          <st-long-text .context=${context} .text=${error.error_message ?? tab.noMessage}></st-long-text>
          <p class="row">
            ${this.#stepButton(error.step_number, tab.showStep(error.step_number))}
          </p>
        </section>`}
      ${repetitions.map(({ kind, detail, steps }) => html`
        <p class="row">${icon('warning')}<span>${describeFinding(kind, detail, t.task, context.format)}</span>
          ${steps[0] === undefined ? nothing : this.#stepButton(steps[0], tab.showStep(steps[0]))}</p>`)}
      ${deviation === undefined ? nothing : html`<p>${this.#stepButton(deviation, tab.deviation(deviation))}</p>`}
      ${isShared || report.success === true || report.status === 'running' || !report.description ? nothing
        : html`<p><button @click=${() => compareWithLastSuccess(this.view)}>${t.task.bar.compare}</button></p>`}
    `;
  }

  #stepButton(stepNumber: number, text: string) {
    return html`<button @click=${() => { this.#showStep(stepNumber); }}>${text}</button>`;
  }

  #showStep(stepNumber: number): void {
    this.view.playback.seekNumber(stepNumber);
    this.dispatchEvent(new Event('show-step', { bubbles: true, composed: true }));
  }

  /** The step that took longest; null unless several have a duration. */
  #slowestStep() {
    const timed = this.view.playback.steps.filter(({ duration_ms: duration }) => duration !== null);
    const slowest = timed.reduce<Step | null>((longest, step) => ((step.duration_ms ?? 0) > (longest?.duration_ms ?? 0) ? step : longest), null);
    if (slowest === null || timed.length < 2 || !this.view.model.isComplete) {
      return null;
    }
    const { t, format } = this.view.context;
    return this.#stepButton(slowest.step_number, t.task.tab.stepWithDuration(slowest.step_number, format.duration(slowest.duration_ms)));
  }

  #facts(report: Report): [string, unknown][] {
    const { context: { t, format, isShared } } = this.view;
    const tab = t.task.tab;
    const cost = format.cost(report.cost);
    const tokens = report.usage === null ? null : tab.tokenCounts(
      format.number(report.usage.input_tokens), format.number(report.usage.cached_tokens), format.number(report.usage.output_tokens));
    const unknown = isShared ? t.common.notShared : t.common.unknown;
    const facts: [string, unknown][] = [
      [tab.steps, report.failed_steps > 0 ? tab.stepsWithFailures(format.number(report.total_steps), format.number(report.failed_steps)) : format.number(report.total_steps)],
      [tab.duration, format.duration(report.elapsed_ms)],
      [tab.slowestStep, this.#slowestStep()],
      [tab.tokens, tokens ?? unknown],
      [tab.cost, cost === null ? unknown : (report.cost?.unpriced_tokens ?? 0) > 0 ? html`${cost} <span class="muted small">${t.common.unpriced}</span>` : cost],
      [tab.agent, report.agent],
      [tab.model, report.model],
      [tab.device, report.device_id],
      [tab.experiment, report.experiment === null && report.case_id === null ? null : html`<bdi>${report.experiment}</bdi> · <bdi>${report.case_id}</bdi>
        ${report.repeat === null ? nothing : `· #${report.repeat}`}`],
      [tab.started, format.time(report.started_at)],
      [tab.owner, report.owner],
      [tab.continues, report.previous_task_id === null || isShared ? null : html`<a href="/tasks/${report.previous_task_id}">${report.previous_task_id}</a>`],
      [tab.lost, report.dropped_steps + report.dropped_screenshots + report.total_lost_screenshots === 0 ? null
        : tab.lostCounts(format.number(report.dropped_steps), format.number(report.dropped_screenshots + report.total_lost_screenshots))],
      [tab.taskId, html`<code>${report.task_id}</code>`],
    ];
    return facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  }

  #json(title: string, value: Record<string, unknown> | null) {
    return value === null || Object.keys(value).length === 0 ? nothing : html`
      <section><h3>${title}</h3>
        <dl class="facts">${Object.entries(value).slice(0, MAX_FIELDS).map(([name, each]) => html`
          <dt dir="auto">${name}</dt><dd dir="auto">${typeof each === 'string' ? each : JSON.stringify(each)}</dd>`)}</dl>${moreFields(value, this.view.context)}
      </section>`;
  }

  readonly #addTag = async (event: CustomEvent<string>) => {
    await this.view.context.api.addTag(this.view.model.taskId, event.detail);
    await this.view.model.refresh();
  };

  readonly #removeTag = async (event: CustomEvent<string>) => {
    await this.view.context.api.removeTag(this.view.model.taskId, event.detail);
    await this.view.model.refresh();
  };
}

/** Returns the size in bytes of a field that is too large to be a part of the task; null if the field is complete. */
function sizeOf(report: Report, field: 'name' | 'description' | 'message'): number | null {
  const extra = (field === 'message' ? report.extra_end_fields : report.extra_start_fields) as
    { attachments?: readonly { field: string; original_size: number }[] } | null;
  return extra?.attachments?.find((attachment) => attachment.field === field)?.original_size ?? null;
}

customElements.define('st-task-tab', TaskTab);
