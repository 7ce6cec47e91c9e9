import { LitElement, css, html, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { Texts } from '../i18n/en.ts';
import { controls } from '../styles/controls.ts';
import { icon } from './icons.ts';

const dialogs = new Set<Dialog>();

/** Whether a modal dialog is open. The keys of the page then do nothing. */
export function isDialogOpen(): boolean {
  return [...dialogs].some(({ isShown }) => isShown);
}

/**
 * A modal dialog with a title, content (default slot) and buttons (slot `footer`). Fires `close` when it is closed, also by Escape.
 * Uses the browser's dialog element, which keeps the focus inside and returns it.
 */
export class Dialog extends LitElement {
  static override styles = [controls, css`
    dialog {
      width: var(--width, 460px);
      max-width: calc(100vw - 32px);
      max-height: calc(100dvh - 64px);
      padding: 0;
      border: 0;
      border-radius: var(--st-radius-dialog);
      background: var(--st-surface-raised);
      color: var(--st-text);
      box-shadow: var(--st-shadow-dialog);
    }

    dialog::backdrop {
      background: var(--st-backdrop);
    }

    .layout {
      display: flex;
      flex-direction: column;
      max-height: calc(100dvh - 64px);
    }

    .head {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: var(--st-space-3);
      padding: 10px 10px 6px 18px;
    }

    .content {
      overflow-y: auto;
      padding: 2px 18px 16px;
    }

    .foot {
      display: flex;
      flex-wrap: wrap;
      justify-content: flex-end;
      gap: var(--st-space-3);
      padding: 10px 18px 14px;
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property() label = '';
  @property({ type: Boolean }) open = false;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  /** Whether the browser shows the dialog. The `close` event arrives later than the end of this. */
  get isShown(): boolean {
    return this.hasUpdated && this.dialog.open;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    dialogs.add(this);
  }

  override render() {
    return html`
      <dialog aria-labelledby="label" closedby="any" @close=${this.#close}>
        <div class="layout">
          <div class="head">
            <h2 id="label">${this.label}</h2>
            <button class="plain icon" aria-label=${this.t.common.close} @click=${() => { this.dialog.close(); }}>${icon('close')}</button>
          </div>
          <div class="content"><slot></slot></div>
          <div class="foot"><slot name="footer"></slot></div>
        </div>
      </dialog>
    `;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    dialogs.delete(this);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('open') && this.open !== this.dialog.open) {
      if (this.open) {
        this.dialog.showModal();
      } else {
        this.dialog.close();
      }
    }
  }

  /** The event arrives late: the dialog may be open again, with another question. */
  readonly #close = () => {
    if (this.isShown) {
      return;
    }
    this.open = false;
    this.dispatchEvent(new Event('close'));
  };
}

customElements.define('st-dialog', Dialog);
