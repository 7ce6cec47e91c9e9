import { LitElement, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import '../components/empty-state.ts';
import type { Texts } from '../i18n/en.ts';
import { controls } from '../styles/controls.ts';

/** A page that only says something: that the page, the task or the link does not exist. */
export class NoticePage extends LitElement {
  static override styles = controls;

  @property({ attribute: false }) t!: Texts;
  @property() headline = '';
  @property() advice = '';
  /** Whether to offer the list of tasks. */
  @property({ type: Boolean }) offersTasks = false;

  override render() {
    return html`
      <st-empty-state .level=${1} headline=${this.headline} text=${this.advice}>
        ${this.offersTasks ? html`<a class="button" href="/">${this.t.shell.allTasks}</a>` : nothing}
      </st-empty-state>
    `;
  }
}

customElements.define('st-notice-page', NoticePage);
