import { LitElement, css, html } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Texts } from '../i18n/en.ts';
import { controls } from '../styles/controls.ts';
import { icon } from './icons.ts';

const CONFIRMATION_MS = 2000;

/** A button that copies a text to the clipboard. Fires `copy-failed` if the browser refuses, for example on plain HTTP. */
export class CopyButton extends LitElement {
  static override styles = [controls, css`
    :host {
      display: inline-flex;
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property() text = '';
  /** What is copied, for screen readers and the tooltip. */
  @property() label = '';
  @state() private isCopied = false;

  override render() {
    const label = this.label || this.t.common.copy;
    return html`
      <button class="plain icon" title=${label} aria-label=${label} @click=${this.#copy}>${icon(this.isCopied ? 'check' : 'copy')}</button>
      <span class="hidden-text" role="status">${this.isCopied ? this.t.common.copied : ''}</span>
    `;
  }

  readonly #copy = async () => {
    try {
      await navigator.clipboard.writeText(this.text);
    } catch {
      this.dispatchEvent(new CustomEvent('copy-failed', { bubbles: true, composed: true }));
      return;
    }
    this.isCopied = true;
    setTimeout(() => {
      this.isCopied = false;
    }, CONFIRMATION_MS);
  };
}

customElements.define('st-copy-button', CopyButton);
