import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { controls } from '../styles/controls.ts';

export interface TabItem {
  readonly name: string;
  readonly label: string;
  /** Shown beside the label unless it is 0. */
  readonly count?: number;
}

/**
 * Tabs above a panel, which is the content of the element. Arrow keys move between them, as the ARIA pattern for tabs describes. Fires
 * `select` with the name of the tab.
 */
export class Tabs extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      min-width: 0;
      min-height: 0;
    }

    [role='tablist'] {
      display: flex;
      overflow-x: auto;
      padding: 0 6px;
      border-bottom: 1px solid var(--st-border);
      scrollbar-width: none;
    }

    button {
      height: 38px;
      padding: 2px 10px 0;
      border: 0;
      border-bottom: 2px solid transparent;
      border-radius: 0;
      background: none;
      color: var(--st-text-muted);
    }

    button:hover {
      background: none;
      color: var(--st-text);
    }

    button[aria-selected='true'] {
      border-bottom-color: var(--st-accent);
      color: var(--st-text);
    }

    button:focus-visible {
      outline-offset: -3px;
    }

    .count {
      padding: 0 5px;
      border-radius: 8px;
      background: var(--st-surface-2);
      color: var(--st-text-muted);
      font-size: var(--st-size-caption);
      line-height: 16px;
    }

    [role='tabpanel'] {
      overflow: hidden auto;
      min-height: 0;
    }

    [role='tabpanel']:focus-visible {
      outline-offset: -2px;
    }
  `];

  @property({ attribute: false }) tabs: readonly TabItem[] = [];
  @property() active = '';
  /** The name of the tabs, for screen readers. */
  @property() label = '';

  override render() {
    return html`
      <div role="tablist" aria-label=${this.label} @keydown=${this.#onKey}>
        ${this.tabs.map(({ name, label, count = 0 }) => html`
          <button role="tab" id=${`tab-${name}`} aria-controls="panel" aria-selected=${name === this.active ? 'true' : 'false'}
            tabindex=${name === this.active ? 0 : -1} @click=${() => { this.#select(name); }}>
            ${label}${count > 0 ? html` <span class="count">${count}</span>` : nothing}
          </button>`)}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby=${`tab-${this.active}`} tabindex="0"><slot></slot></div>
    `;
  }

  #select(name: string): void {
    this.dispatchEvent(new CustomEvent('select', { detail: name }));
  }

  readonly #onKey = async (event: KeyboardEvent) => {
    const current = this.tabs.findIndex(({ name }) => name === this.active);
    const last = this.tabs.length - 1;
    const targets: Record<string, number> = {
      ArrowLeft: current === 0 ? last : current - 1,
      ArrowRight: current === last ? 0 : current + 1,
      Home: 0,
      End: last,
    };
    const target = this.tabs[targets[event.key] ?? -1];
    if (target !== undefined) {
      event.preventDefault();
      this.#select(target.name);
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>(`#tab-${target.name}`)?.focus();
    }
  };
}

customElements.define('st-tabs', Tabs);
