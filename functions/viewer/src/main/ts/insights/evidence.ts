import { css, html, nothing } from 'lit';
import type { Insight } from '../api/types.ts';
import type { AppContext } from '../app-context.ts';
import { truncate } from '../i18n/truncate.ts';
import { parseStepId } from './insight-groups.ts';

const SHOWN_LINKS = 5;
const MAX_ACTION = 200;

/** Styles of {@link evidence} and {@link actionsTemplate}. */
export const evidenceStyles = css`
  .evidence {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    font-size: var(--st-size-small);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }

  .actions li {
    padding: 0 8px;
    border: 1px solid var(--st-border);
    border-radius: var(--st-radius);
    background: var(--st-surface);
    font-size: var(--st-size-small);
    line-height: 22px;
  }
`;

/** Returns links to the tasks and steps on which an insight is based. A task is named by its start, or by its id. */
export function evidence({ tasks, tasks_started_at: starts, steps }: Insight, context: AppContext) {
  const { t: { insights: t }, format } = context;
  const startOf = new Map(tasks.map((id, index) => [id, starts[index]]));
  const nameOf = (id: string) => {
    const start = startOf.get(id);
    return start === undefined ? id : format.time(start);
  };
  return html`
    ${linksTemplate(t.tasks, tasks.map((id) => ({ address: `/tasks/${id}`, name: nameOf(id) })), context)}
    ${linksTemplate(t.steps, steps.map(parseStepId).map(({ taskId, stepNumber }) =>
      ({ address: `/tasks/${taskId}#step=${stepNumber}`, name: t.step(stepNumber, nameOf(taskId)) })), context)}`;
}

function linksTemplate(label: string, links: readonly { address: string; name: string }[], { t: { insights: t }, format }: AppContext) {
  return links.length === 0 ? nothing : html`
    <p class="evidence"><span class="muted">${label}</span>
      ${links.slice(0, SHOWN_LINKS).map(({ address, name }) => html`<a href=${address}>${name}</a>`)}
      ${links.length > SHOWN_LINKS ? html`<span class="muted">${t.andMore(format.number(links.length - SHOWN_LINKS))}</span>` : nothing}</p>`;
}

/** Returns a row of actions. */
export function actionsTemplate(actions: readonly string[]) {
  return html`<ol class="actions">${actions.map((action) => html`<li dir="auto">${truncate(action, MAX_ACTION)}</li>`)}</ol>`;
}
