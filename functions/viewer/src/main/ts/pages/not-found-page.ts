import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { texts } from '../language.ts';

/** Shown if no page has the address. */
@customElement('st-not-found-page')
export class NotFoundPage extends LitElement {
  static override styles = css`
    :host {
      display: block;
      padding: calc(4 * var(--st-space));
    }
    a {
      color: var(--st-accent);
    }
  `;

  override render() {
    const t = texts();
    return html`
      <main>
        <h1>${t.pageNotFound}</h1>
        <p>${t.pageNotFoundAdvice}</p>
        <p><a href="/">${t.tasks}</a></p>
      </main>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'st-not-found-page': NotFoundPage;
  }
}
