import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { controls } from '../styles/controls.ts';

/** What a page or a list shows if it has no content: what is missing, why, and what to do (slot). */
export class EmptyState extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      justify-items: center;
      gap: var(--st-space-3);
      max-width: 560px;
      margin: 0 auto;
      padding: 64px var(--st-space-5);
      text-align: center;
    }
  `];

  @property() headline = '';
  @property() text = '';
  /** 1 if the headline is that of the page. */
  @property({ type: Number }) level: 1 | 2 = 2;

  override render() {
    return html`
      ${this.level === 1 ? html`<h1>${this.headline}</h1>` : html`<h2>${this.headline}</h2>`}
      ${this.text ? html`<p class="muted">${this.text}</p>` : nothing}
      <slot></slot>
    `;
  }
}

customElements.define('st-empty-state', EmptyState);
