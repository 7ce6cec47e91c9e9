import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import type { Texts } from '../i18n/en.ts';
import { controls } from '../styles/controls.ts';
import './copy-button.ts';

/** A command for the terminal, with a button that copies it. */
export class Command extends LitElement {
  static override styles = [controls, css`
    :host {
      display: flex;
      align-items: center;
      gap: var(--st-space-2);
      max-width: 100%;
      padding: 0 4px 0 10px;
      border: 1px solid var(--st-border);
      border-radius: var(--st-radius);
      background: var(--st-surface);
      text-align: left;
    }

    code {
      flex: 1;
      overflow-x: auto;
      padding: 5px 0;
      white-space: pre;
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property() text = '';

  override render() {
    return html`<code tabindex="0">${this.text}</code><st-copy-button .t=${this.t} .text=${this.text}></st-copy-button>`;
  }
}

customElements.define('st-command', Command);
