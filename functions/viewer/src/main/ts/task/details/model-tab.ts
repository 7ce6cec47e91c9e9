import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Step } from '../../api/types.ts';
import { icon } from '../../components/icons.ts';
import { Listen } from '../../components/listen.ts';
import { truncate } from '../../i18n/truncate.ts';
import { controls } from '../../styles/controls.ts';
import { FollowPlayback } from '../follow-playback.ts';
import type { TaskView } from '../task-view.ts';
import './long-text.ts';
import { readMessages } from './model-messages.ts';
import { panelStyles } from './panel-styles.ts';
import { readAttachment } from './recorded-text.ts';

type Field = 'model_input' | 'model_output';

const MAX_MESSAGES = 50;
const MAX_ROLE = 60;

/** The model call of the current step: tokens, cost, what the model received and what it returned. */
export class ModelTab extends LitElement {
  static override styles = [controls, panelStyles, css`
    .figures {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 24px;
    }

    .figures dt {
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
    }

    li {
      overflow-wrap: anywhere;
      padding: 6px 0;
      border-top: 1px solid var(--st-border);
    }

    h4 {
      margin: 0;
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
      font-weight: 500;
    }

    .figures dd {
      font-size: 15px;
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  /** The current step with its model call; null while it is loading. */
  @state() private loaded: Step | null = null;
  readonly #attachments = new Map<string, unknown>();
  #requested = '';

  constructor() {
    super();
    new FollowPlayback(this, () => this.view.playback);
    new Listen(this, () => this.view.model);
  }

  override render() {
    const { playback: { step }, context: { t, isShared } } = this.view;
    const tab = t.task.modelTab;
    if (step === null) {
      return html`<p class="muted">${t.task.noSteps}</p>`;
    }
    void this.#load(step);
    const loaded = this.loaded?.step_id === step.step_id ? this.loaded : null;
    const figures = this.#figures(step);
    const known = figures.filter(([, value]) => value !== null);
    const missing = [
      ...figures.filter(([, value]) => value === null).map(([name]) => name),
      ...(loaded === null || this.#has(loaded, 'model_input') ? [] : [tab.input]),
      ...(loaded === null || this.#has(loaded, 'model_output') ? [] : [tab.output]),
    ].join(tab.separator);
    return html`
      ${known.length === 0 ? nothing : html`
        <dl class="figures">${known.map(([name, value]) => html`<div><dt>${name}</dt><dd class="number" dir="auto">${value}</dd></div>`)}</dl>`}
      ${loaded === null ? html`<p class="muted">${t.common.loading}</p>` : html`
        ${this.#field(loaded, 'model_input', tab.input)}
        ${this.#field(loaded, 'model_output', tab.output)}
        ${missing === '' ? nothing : html`<p class="muted missing">${isShared ? tab.notShared(missing) : tab.notRecorded(missing)}</p>`}`}
    `;
  }

  /** The figures of the model call by their name; null if one was not recorded. */
  #figures(step: Step): [string, string | null][] {
    const { t, format } = this.view.context;
    const tab = t.task.modelTab;
    const count = (field: string) => {
      const value = step.usage?.[field];
      return typeof value === 'number' ? format.number(value) : null;
    };
    const time = step.timings?.['model_ms'];
    return [
      [tab.model, this.view.model.report?.model ?? null],
      [tab.inputTokens, count('input_tokens')],
      [tab.cachedTokens, count('cached_tokens')],
      [tab.outputTokens, count('output_tokens')],
      [tab.cost, format.cost(step.cost)],
      [tab.time, typeof time === 'number' ? format.duration(time) : null],
    ];
  }

  #has(step: Step, field: Field): boolean {
    return (step[field] ?? null) !== null || (step.attachments ?? []).some((attachment) => attachment.field === field);
  }

  #field(step: Step, field: Field, title: string) {
    if (!this.#has(step, field)) {
      return nothing;
    }
    const { context } = this.view;
    const value = step[field] ?? this.#attachments.get(`${step.step_id} ${field}`) ?? null;
    return html`<section><h3>${title}</h3>${value === null
      ? html`<button @click=${() => this.#readAttachment(step, field)}>${context.t.task.modelTab.load}</button>`
      : this.#value(value)}
    </section>`;
  }

  #value(value: unknown) {
    const { context, playback } = this.view;
    const messages = readMessages(value);
    if (messages === null) {
      const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
      return html`<st-long-text code .context=${context} .text=${text}></st-long-text>`;
    }
    const views: Readonly<Record<string, string>> = context.t.task.views;
    const { t, format } = context;
    return html`<ul>${messages.slice(0, MAX_MESSAGES).map(({ role, parts }) => html`
      <li><h4>${truncate(role, MAX_ROLE)}</h4>${parts.slice(0, MAX_MESSAGES).map((part) => (part.kind === 'text'
        ? html`<st-long-text .context=${context} .text=${part.text}></st-long-text>`
        : html`<button class="small" @click=${() => { playback.setView(part.role); }}>${icon('device')}
            ${context.t.task.modelTab.screenshot(Object.hasOwn(views, part.role) ? views[part.role] ?? '' : truncate(part.role, MAX_ROLE))}</button>`))}
      </li>`)}</ul>
      ${messages.length > MAX_MESSAGES ? html`<p class="muted">${t.task.findingsTab.more(format.number(messages.length - MAX_MESSAGES))}</p>` : nothing}`;
  }

  async #load(step: Step): Promise<void> {
    if (this.#requested === step.step_id) {
      return;
    }
    this.#requested = step.step_id;
    const { context: { api }, model } = this.view;
    const query = { min_number: step.step_number, max_number: step.step_number, include_model_calls: 'true' } as const;
    const page = await api.steps(model.taskId, query);
    if (this.#requested === step.step_id) {
      this.loaded = page.steps[0] ?? step;
    }
  }

  async #readAttachment(step: Step, field: Field): Promise<void> {
    const { context } = this.view;
    const value = await readAttachment(context, await context.api.attachment(step.step_id, field));
    this.#attachments.set(`${step.step_id} ${field}`, value);
    this.requestUpdate();
  }
}

customElements.define('st-model-tab', ModelTab);
