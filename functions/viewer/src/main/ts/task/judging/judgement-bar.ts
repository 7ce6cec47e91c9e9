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
  /** The verdict to confirm; the reason of the present verdict if it has the same value, otherwise null. */
  @state() private asked: { readonly value: Judgement; readonly earlierReason: string | null } | null = null;
  #judge: Judge | null = null;
  /** Verdicts are read and set one after the other, so that the last one counts. */
  #working: Promise<void> = Promise.resolve();

  constructor() {
    super();
    new Listen(this, () => this.view.model);
  }

  keys(): KeyActions {
    return Object.fromEntries(JUDGEMENTS.map(({ value, key }) => [key, () => { void this.judge(value); }]));
  }

  /** Asks the user to confirm the verdict, or shows the reason of the user's verdict if it has this value. */
  async judge(value: Judgement): Promise<void> {
    await this.#inOrder(async () => {
      this.#judge = await Judge.of(this.view.context.api, this.view.model.taskId);
      const { earlier } = this.#judge;
      this.asked = { value, earlierReason: earlier?.value === value ? earlier.reason ?? '' : null };
    });
  }

  async #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#working.catch(() => undefined).then(work);
    this.#working = done;
    await done;
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
        <st-verdict-bar .t=${t} .verdict=${asked.value} .earlierReason=${asked.earlierReason} @save=${this.#save}
          @remove=${this.#remove} @close=${this.#close}></st-verdict-bar>`}
    `;
  }

  readonly #close = () => {
    this.asked = null;
  };

  readonly #save = async (event: CustomEvent<string>) => {
    const { asked, view: { context: { t } } } = this;
    if (asked !== null) {
      await this.#change(
        (judge) => judge.judge(asked.value, event.detail), `${t.task.judging.verdict}: ${t.common.verdict[asked.value]}`);
    }
  };

  readonly #remove = async () => {
    await this.#change((judge) => judge.remove(), this.view.context.t.task.judging.removed);
  };

  /** Changes the verdict, which can be undone for some seconds. */
  async #change(change: (judge: Judge) => Promise<void>, text: string): Promise<void> {
    const judge = this.#judge;
    if (judge === null) {
      return;
    }
    const { context: { shell, t }, model } = this.view;
    await this.#inOrder(async () => {
      await change(judge);
      this.asked = null;
      await model.refresh();
    });
    shell.toast(text, () => {
      void this.#inOrder(async () => {
        await judge.undo();
        await model.refresh();
        shell.toast(judge.earlier === null ? t.task.judging.removed : t.task.judging.restored);
      });
    });
  }
}

customElements.define('st-judgement', JudgementBar);
