import { LitElement, css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { icon } from '../components/icons.ts';
import type { Texts } from '../i18n/en.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';

const MAX_VALUE = 40;
const GAP = 4;
const MARGIN = 8;

/**
 * A filter as a button, which opens a panel with the content of the element. Fires `open`, `closed` and `clear`. Without content, the filter can only
 * be removed.
 */
export class FilterChip extends LitElement {
  static override styles = [controls, css`
    :host {
      display: inline-flex;
      flex: none;
    }

    button {
      height: 26px;
      padding: 0 6px 0 10px;
      border-radius: var(--st-radius-chip);
      font-size: var(--st-size-small);
    }

    .set {
      border-color: var(--st-accent);
      background: var(--st-accent-quiet);
      color: var(--st-accent);
    }

    .set.trigger {
      border-right: 0;
      border-radius: var(--st-radius-chip) 0 0 var(--st-radius-chip);
    }

    .set.clear {
      min-width: 26px;
      width: 26px;
      padding: 0 7px 0 4px;
      border-left: 0;
      border-radius: 0 var(--st-radius-chip) var(--st-radius-chip) 0;
    }

    .static {
      display: inline-flex;
      align-items: center;
      height: 26px;
      padding: 0 4px 0 10px;
      border: 1px solid var(--st-accent);
      font-size: var(--st-size-small);
      font-weight: 500;
      white-space: nowrap;
    }

    .icon {
      width: 12px;
      height: 12px;
    }

    .panel {
      position: fixed;
      inset: auto;
      width: 280px;
      max-width: calc(100vw - 16px);
      max-height: min(420px, calc(100dvh - 16px));
      margin: 0;
      padding: 6px;
      overflow: hidden auto;
      border: 0;
      border-radius: var(--st-radius-panel);
      background: var(--st-surface-raised);
      color: var(--st-text);
      box-shadow: var(--st-shadow-menu);
    }

    @media (pointer: coarse) {
      button,
      .static {
        height: 34px;
      }
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property() label = '';
  /** The value of the filter as a text; empty if the filter is not set. */
  @property() value = '';
  @property({ type: Boolean, attribute: 'without-panel' }) withoutPanel = false;
  @query('.trigger') private readonly trigger!: HTMLButtonElement;
  @query('.panel') private readonly panel!: HTMLElement | null;

  /** Closes the panel, and returns the focus to the button. */
  close(): void {
    this.panel?.hidePopover();
  }

  override render() {
    const { label, value } = this;
    const text = html`<span>${label}${value === '' ? nothing : html`: <bdi>${truncate(value, MAX_VALUE)}</bdi>`}</span>`;
    const clear = value === '' ? nothing : html`
      <button class="set clear" aria-label=${this.t.tasks.filters.remove(label)} @click=${this.#clear}>${icon('close')}</button>`;
    return this.withoutPanel
      ? html`<span class="static set trigger">${text}</span>${clear}`
      : html`
        <button class="trigger ${value === '' ? '' : 'set'}" popovertarget="panel">${text}${value === '' ? icon('chevronDown') : nothing}</button>
        ${clear}
        <div id="panel" class="panel" popover autofocus tabindex="-1" role="dialog" aria-label=${label} @beforetoggle=${this.#place} @toggle=${this.#onToggle}>
          <slot></slot>
        </div>`;
  }

  readonly #clear = () => {
    this.dispatchEvent(new Event('clear'));
    this.trigger.focus();
  };

  /** Places the panel below the button, inside the window. */
  readonly #place = () => {
    const { panel, trigger } = this;
    if (panel) {
      const { left, bottom } = trigger.getBoundingClientRect();
      panel.style.top = `${bottom + GAP}px`;
      panel.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - MARGIN - 280))}px`;
      panel.style.maxHeight = `${Math.min(420, innerHeight - bottom - GAP - MARGIN)}px`;
    }
  };

  readonly #onToggle = (event: ToggleEvent) => {
    this.dispatchEvent(new Event(event.newState === 'open' ? 'open' : 'closed'));
  };
}

customElements.define('st-filter-chip', FilterChip);
