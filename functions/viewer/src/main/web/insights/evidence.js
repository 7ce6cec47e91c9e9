import { html, nothing } from '../vendor/lit-html/lit-html.js';

const SHOWN = 5;

/** Links to the runs and steps that show an insight; a run is named by its start time, or by its id if that is unknown. */
export function evidenceTemplate({ tasks: runs, tasks_started_at: startTimes, steps }, { t, format }) {
  const names = new Map(runs.map((id, i) => [id, format.time(startTimes[i])]));
  const runName = (id) => names.get(id) ?? id;
  return html`
    ${listTemplate(t.runsThatShowIt, runs.map((id) => ({ address: `/tasks/${id}`, name: runName(id) })), { t, format })}
    ${listTemplate(t.stepsThatShowIt, steps.map(stepOf).map(({ taskId, number }) =>
      ({ address: `/tasks/${taskId}#step=${number}`, name: t.stepOfRun(number, runName(taskId)) })), { t, format })}`;
}

function listTemplate(label, links, { t, format }) {
  return links.length === 0 ? nothing : html`
    <p class="evidence"><span class="quiet">${label}</span>
      ${links.slice(0, SHOWN).map(({ address, name }) => html`<a href=${address}>${name}</a> `)}
      ${links.length > SHOWN ? html`<span class="quiet">${t.andMore(format.number(links.length - SHOWN))}</span>` : nothing}</p>`;
}

/** A step's id is that of its run and its number. */
function stepOf(id) {
  const dot = id.lastIndexOf('.');
  return { taskId: id.slice(0, dot), number: id.slice(dot + 1) };
}
