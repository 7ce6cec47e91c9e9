import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import type { Texts } from '../i18n/en.ts';
import { controls } from '../styles/controls.ts';
import './dialog.ts';

/** Keys, separated by commas, and what they do. */
export type KeyText = readonly [keys: string, text: string];

/** Lists the keys of a page. */
export class HelpDialog extends LitElement {
  static override styles = [controls, css`
    dl {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 8px 20px;
      align-items: center;
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) keys: readonly KeyText[] = [];

  override render() {
    return html`
      <st-dialog .t=${this.t} label=${this.t.common.keys} .open=${this.open} @close=${() => { this.dispatchEvent(new Event('close')); }}>
        <dl>${this.keys.map(([keys, text]) => html`
          <dt>${keys.split(', ').map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${text}</dd>`)}</dl>
      </st-dialog>
    `;
  }
}

customElements.define('st-help-dialog', HelpDialog);
