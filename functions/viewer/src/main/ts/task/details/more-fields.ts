import { html, nothing } from 'lit';
import type { AppContext } from '../../app-context.ts';

/** A recorder may send any number of fields; the JSON shows all of them. */
export const MAX_FIELDS = 100;

/** Says how many fields of an object are not shown. */
export function moreFields(value: object, { t, format }: AppContext) {
  const count = Object.keys(value).length - MAX_FIELDS;
  return count > 0 ? html`<p class="muted small">${t.task.findingsTab.more(format.number(count))}</p>` : nothing;
}
