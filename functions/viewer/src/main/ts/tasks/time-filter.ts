import { LitElement, css, html } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { Texts } from '../i18n/en.ts';
import { controls } from '../styles/controls.ts';

const HOUR = 3_600_000;
const PERIODS = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR } as const;

/** Fields for the period in which tasks started. Fires `choose` with both times, which are empty if they are not set. */
export class TimeFilter extends LitElement {
  static override styles = [controls, css`
    form {
      display: grid;
      gap: 6px;
      padding: 6px;
    }

    .periods {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 4px;
      margin-bottom: 6px;
    }

    label {
      display: grid;
      gap: 2px;
      font-size: var(--st-size-small);
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property() since = '';
  @property() until = '';
  @query('[name="since"]') private readonly sinceField!: HTMLInputElement;
  @query('[name="until"]') private readonly untilField!: HTMLInputElement;

  open(): void {
    this.renderRoot.querySelector('button')?.focus();
  }

  override render() {
    const texts = this.t.tasks.filters;
    return html`
      <form @submit=${this.#submit}>
        <div class="periods">${(Object.keys(PERIODS) as (keyof typeof PERIODS)[]).map((period) => html`
          <button type="button" @click=${() => { this.#choose(new Date(Date.now() - PERIODS[period]).toISOString(), ''); }}>
            ${texts.lastPeriods[period]}
          </button>`)}</div>
        <label>${texts.since}<input type="datetime-local" name="since" .value=${localTime(this.since)}></label>
        <label>${texts.until}<input type="datetime-local" name="until" .value=${localTime(this.until)}></label>
        <button class="primary">${texts.apply}</button>
      </form>
    `;
  }

  #choose(since: string, until: string): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: { since, until } }));
  }

  readonly #submit = (event: Event) => {
    event.preventDefault();
    this.#choose(this.sinceField.value, this.untilField.value);
  };
}

/** Returns a time as a field for a local date and time has it, to the minute. */
function localTime(iso: string): string {
  if (iso === '') {
    return '';
  }
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

customElements.define('st-time-filter', TimeFilter);
