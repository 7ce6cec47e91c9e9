import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Texts } from '../i18n/en.ts';
import { controls } from '../styles/controls.ts';
import { icon } from './icons.ts';
import { isPageEscape } from './page-keys.ts';

const SHOWN_MS = 6000;
const SHOWN_WITH_UNDO_MS = 10_000;

/** A message over the upper part of the window, where it covers no control that follows an action. The next message replaces it. Escape or its button undoes the action. */
export class Toast extends LitElement {
  static override styles = [controls, css`
    :host {
      position: fixed;
      z-index: 30;
      top: 96px;
      left: 50%;
      max-width: calc(100vw - 32px);
      transform: translateX(-50%);
    }

    .toast {
      display: flex;
      align-items: center;
      gap: var(--st-space-3);
      padding: 6px 6px 6px 14px;
      border-radius: var(--st-radius-panel);
      background: var(--st-surface-raised);
      box-shadow: var(--st-shadow-dialog);
    }

    @media (width < 700px) {
      kbd {
        display: none;
      }
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @state() private text = '';
  #undo: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(text: string, undo?: () => void): void {
    this.text = text;
    this.#undo = undo ?? null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#hide, undo ? SHOWN_WITH_UNDO_MS : SHOWN_MS);
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#onKey);
    clearTimeout(this.#timer);
  }

  override render() {
    return html`<div role="status">${this.text
      ? html`
        <div class="toast">
          <span>${this.text}</span>
          ${this.#undo ? html`<button @click=${this.#undoAndHide}>${this.t.common.undo} <kbd>Esc</kbd></button>` : nothing}
          <button class="plain icon" aria-label=${this.t.common.close} @click=${this.#hide}>${icon('close')}</button>
        </div>`
      : nothing}</div>`;
  }

  readonly #hide = () => {
    this.text = '';
    this.#undo = null;
  };

  readonly #undoAndHide = () => {
    const undo = this.#undo;
    this.#hide();
    undo?.();
  };

  readonly #onKey = (event: KeyboardEvent) => {
    if (this.#undo && isPageEscape(event)) {
      event.preventDefault();
      this.#undoAndHide();
    }
  };
}

customElements.define('st-toast', Toast);
