import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { Step } from '../../api/types.ts';
import { Listen } from '../../components/listen.ts';
import { truncate } from '../../i18n/truncate.ts';
import { controls } from '../../styles/controls.ts';
import { describeStep, sizeOfAttachment, markOf } from '../action-text.ts';
import { hasFailed } from '../steps.ts';
import { FollowPlayback } from '../follow-playback.ts';
import type { TaskView } from '../task-view.ts';
import './chip-list.ts';
import './long-text.ts';
import { MAX_FIELDS, moreFields } from './more-fields.ts';
import { panelStyles } from './panel-styles.ts';
import './recorded-text.ts';
import { timingBars, type TimingBar } from './timing-bars.ts';

const MAX_SENTENCE = 300;
const MAX_BARS = 30;

/** What the agent thought and did in the current step, what came of it, and how long each part took. */
export class StepTab extends LitElement {
  static override styles = [controls, panelStyles, css`
    h2 {
      overflow-wrap: anywhere;
    }

    .waterfall {
      display: grid;
      grid-template-columns: auto minmax(60px, 1fr) auto;
      align-items: center;
      gap: 4px 10px;
      font-size: var(--st-size-small);
    }

    .track {
      position: relative;
      height: 12px;
      border-radius: 2px;
      background: var(--st-surface-2);
    }

    .bar {
      position: absolute;
      top: 0;
      bottom: 0;
      min-width: 2px;
      border-radius: 2px;
      background: var(--st-border-control);
    }

    .bar.model,
    .bar.time_to_first_token {
      background: var(--st-accent);
    }

    .bar.time_to_first_token {
      opacity: 0.5;
    }

    .bar.action {
      background: var(--st-success);
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  #bars: readonly TimingBar[] = [];

  constructor() {
    super();
    new FollowPlayback(this, () => this.view.playback);
    new Listen(this, () => this.view.model);
  }

  override render() {
    const { playback: { step }, context } = this.view;
    const { t, format } = context;
    const tab = t.task.stepTab;
    if (step === null) {
      return html`<p class="muted">${t.task.noSteps}</p>`;
    }
    const bars = this.#bars = timingBars(step.timings, step.duration_ms).slice(0, MAX_BARS);
    return html`
      <section>
        <h2 dir="auto">${truncate(describeStep(step, t.task), MAX_SENTENCE)}</h2>
        <p class="muted small">${tab.summary(step.step_number, format.clock(step.timestamp), step.duration_ms === null ? null : format.duration(step.duration_ms))}</p>
      </section>
      ${hasFailed(step) ? html`
        <section class="error"><p><strong>${tab.failed}</strong></p>${this.#text(step, 'error_message', step.error_message)}</section>` : nothing}
      ${step.thinking === null && sizeOfAttachment(step, 'thinking') === null ? nothing
        : html`<section><h3>${tab.thinking}</h3>${this.#text(step, 'thinking', step.thinking)}</section>`}
      ${this.#object(step, 'action', tab.action)}
      ${(markOf(step)?.kind ?? 'text') === 'text' ? nothing : html`<p class="muted small">${tab.coordinates}</p>`}
      ${this.#object(step, 'action_result', tab.result)}
      ${bars.length === 0 ? nothing : html`
        <section><h3>${tab.timings}</h3>
          <div class="waterfall">${bars.map((bar) => this.#bar(bar))}</div></section>`}
      ${this.#labels(step)}
      ${this.#object(step, 'resources', tab.resources)}
    `;
  }

  override updated(): void {
    const bars = this.#bars;
    this.renderRoot.querySelectorAll<HTMLElement>('.bar').forEach((element, index) => {
      element.style.left = `${(bars[index]?.start ?? 0) * 100}%`;
      element.style.width = `${(bars[index]?.length ?? 0) * 100}%`;
    });
  }

  #bar({ name, milliseconds }: TimingBar) {
    const { t, format } = this.view.context;
    const names = t.task.stepTab.parts;
    const label = Object.hasOwn(names, name) ? names[name as keyof typeof names] : name;
    const kind = ['model', 'time_to_first_token', 'action'].includes(name) ? name : '';
    return html`<span class="muted" dir="auto">${label}</span><span class="track"><span class="bar ${kind}"></span></span>
      <span class="number">${format.duration(milliseconds)}</span>`;
  }

  #text(step: Step, field: string, text: string | null) {
    return html`<st-recorded-text .context=${this.view.context} .text=${text} .source=${step.step_id} .field=${field}
      .bytes=${sizeOfAttachment(step, field)}></st-recorded-text>`;
  }

  #object(step: Step, field: 'action' | 'action_result' | 'resources', title: string) {
    const value = step[field];
    const length = sizeOfAttachment(step, field);
    if ((value === null || Object.keys(value).length === 0) && length === null) {
      return nothing;
    }
    return html`<section><h3>${title}</h3>
      ${value === null ? nothing : html`<dl class="facts">${Object.entries(value).slice(0, MAX_FIELDS).map(([name, each]) => html`
        <dt><code>${name}</code></dt>
        <dd><st-long-text .context=${this.view.context} .text=${typeof each === 'string' ? each : JSON.stringify(each)}></st-long-text></dd>`)}</dl>${moreFields(value, this.view.context)}`}
      ${length === null ? nothing : this.#text(step, field, null)}
    </section>`;
  }

  #labels(step: Step) {
    const { model, context: { t, isShared } } = this.view;
    const tab = t.task.stepTab;
    const items = (model.report?.labels ?? []).filter((label) => label.step_number === step.step_number).map(({ label }) => label);
    if (isShared && items.length === 0) {
      return nothing;
    }
    const suggestions = Object.entries(tab.labelNames).map(([value, text]) => ({ value, text }));
    return html`<section><h3>${tab.labels}</h3>
      <st-chip-list .t=${t} .items=${items} .suggestions=${suggestions} .readonly=${isShared} .addLabel=${tab.addLabel}
        @add=${(event: CustomEvent<string>) => this.#changeLabel(step, event.detail, true)}
        @remove=${(event: CustomEvent<string>) => this.#changeLabel(step, event.detail, false)}></st-chip-list></section>`;
  }

  async #changeLabel(step: Step, label: string, isAdded: boolean): Promise<void> {
    const { api } = this.view.context;
    await (isAdded ? api.addLabel(step.step_id, label) : api.removeLabel(step.step_id, label));
    await this.view.model.refresh();
  }
}

customElements.define('st-step-tab', StepTab);
