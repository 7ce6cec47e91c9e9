import { LitElement, html } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Texts } from '../i18n/en.ts';
import { controls } from '../styles/controls.ts';
import './dialog.ts';

/** A question before an action that cannot be undone. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** The label of the button that confirms. */
  readonly action: string;
  readonly danger?: boolean;
}

/** Asks one question at a time. */
export class ConfirmDialog extends LitElement {
  static override styles = controls;

  @property({ attribute: false }) t!: Texts;
  @state() private question: Question | null = null;
  #answer: ((isConfirmed: boolean) => void) | null = null;

  /** Returns whether the user confirmed. Closing the dialog is a no. */
  ask(question: Question): Promise<boolean> {
    this.#answer?.(false);
    this.question = question;
    return new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  override render() {
    const { question } = this;
    return html`
      <st-dialog .t=${this.t} label=${question?.title ?? ''} .open=${question !== null} @close=${() => { this.#close(false); }}>
        <p>${question?.text}</p>
        <button slot="footer" @click=${() => { this.#close(false); }}>${this.t.common.cancel}</button>
        <button slot="footer" class=${question?.danger ? 'danger' : 'primary'} @click=${() => { this.#close(true); }}>
          ${question?.action}
        </button>
      </st-dialog>
    `;
  }

  #close(isConfirmed: boolean): void {
    const answer = this.#answer;
    this.#answer = null;
    this.question = null;
    answer?.(isConfirmed);
  }
}

customElements.define('st-confirm-dialog', ConfirmDialog);
