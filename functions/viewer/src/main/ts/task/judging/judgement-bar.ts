import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { icon, type IconName } from '../../components/icons.ts';
import type { KeyActions } from '../../components/keyboard.ts';
import { Listen } from '../../components/listen.ts';
import { controls } from '../../styles/controls.ts';
import type { TaskView } from '../task-view.ts';
import { Judge, type Judgement } from './judge.ts';
import './verdict-bar.ts';

export const JUDGEMENTS: readonly { value: Judgement; key: string; icon: IconName }[] = [
  { value: 'pass', key: 'P', icon: 'check' },
  { value: 'fail', key: 'F', icon: 'cross' },
  { value: 'unclear', key: 'U', icon: 'half' },
];

/** The buttons with which the user judges the task. On narrow windows only the question for the reason. */
export class JudgementBar extends LitElement {
  static override styles = [controls, css`
    :host {
      position: relative;
      flex: none;
    }

    button {
      gap: 5px;
    }

    .pass[aria-pressed='true'] {
      border-color: var(--st-success);
      background: var(--st-success-quiet);
      color: var(--st-success);
    }

    .fail[aria-pressed='true'] {
      border-color: var(--st-failure);
      background: var(--st-failure-quiet);
      color: var(--st-failure);
    }

    .unclear[aria-pressed='true'] {
      border-color: var(--st-warning);
      background: var(--st-warning-quiet);
      color: var(--st-warning);
    }

    @media (width < 1100px) {
      kbd {
        display: none;
      }
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @property({ type: Boolean, attribute: 'is-narrow' }) isNarrow = false;
  /** The verdict whose reason is asked for; its earlier reason, null if it was just set. */
  @state() private asked: { readonly value: Judgement; readonly earlierReason: string | null } | null = null;
  #judge: Judge | null = null;
  /** Verdicts are set one after the other, so that the last one counts. */
  #judging: Promise<void> = Promise.resolve();

  constructor() {
    super();
    new Listen(this, () => this.view.model);
  }

  keys(): KeyActions {
    return Object.fromEntries(JUDGEMENTS.map(({ value, key }) => [key, () => { void this.judge(value); }]));
  }

  /** Sets the verdict, or shows the reason of the user's verdict if it has this value. */
  async judge(value: Judgement): Promise<void> {
    const judged = this.#judging.catch(() => undefined).then(() => this.#judgeNow(value));
    this.#judging = judged;
    await judged;
  }

  async #judgeNow(value: Judgement): Promise<void> {
    const { context, model } = this.view;
    await this.#judge?.whenExplained();
    const judge = new Judge(context.api, model.taskId);
    const earlier = await judge.judge(value);
    this.#judge = judge;
    this.asked = { value, earlierReason: earlier?.value === value ? earlier.reason ?? '' : null };
    await model.refresh();
  }

  override render() {
    const { asked, isNarrow, view: { context: { t }, model: { report } } } = this;
    return html`
      ${isNarrow ? nothing : html`
        <span class="segments" role="group" aria-label=${t.task.judging.verdict}>
          ${JUDGEMENTS.map(({ value, key, icon: name }) => html`
            <button class=${value} aria-pressed=${report?.verdict === value ? 'true' : 'false'} aria-keyshortcuts=${key}
              aria-label=${t.common.verdict[value]} @click=${() => this.judge(value)}>
              ${icon(name)}${t.common.verdict[value]} <kbd>${key}</kbd>
            </button>`)}
        </span>`}
      ${asked === null ? nothing : html`
        <st-verdict-bar .t=${t} .verdict=${asked.value} .earlierReason=${asked.earlierReason} @reason=${this.#explain} @undo=${this.#undo}
          @remove=${this.#remove} @close=${this.#close}></st-verdict-bar>`}
    `;
  }

  readonly #explain = async (event: CustomEvent<string>) => {
    this.#offerUndo();
    await this.#judge?.explain(event.detail);
    await this.view.model.refresh();
  };

  readonly #close = () => {
    if (this.asked?.earlierReason === null) {
      this.#offerUndo();
    }
    this.asked = null;
  };

  readonly #remove = async () => {
    const { context: { shell, t }, model } = this.view;
    this.asked = null;
    await this.#judge?.remove();
    await model.refresh();
    shell.toast(t.task.judging.removed, () => { void this.#undo(); });
  };

  readonly #undo = async () => {
    const { context: { shell, t }, model } = this.view;
    this.asked = null;
    const isRestored = await this.#judge?.undo();
    await model.refresh();
    shell.toast(isRestored ? t.task.judging.restored : t.task.judging.removed);
  };

  /** The verdict can be undone for some more seconds. */
  #offerUndo(): void {
    const { shell, t } = this.view.context;
    if (this.asked !== null) {
      shell.toast(`${t.task.judging.verdict}: ${t.common.verdict[this.asked.value]}`, () => { void this.#undo(); });
      this.asked = null;
    }
  }
}

customElements.define('st-judgement', JudgementBar);
