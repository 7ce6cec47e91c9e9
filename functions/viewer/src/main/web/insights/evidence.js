import { html, nothing } from '../vendor/lit-html/lit-html.js';

const SHOWN = 5;

/** The runs and steps that show it, to be looked at. */
export function evidenceTemplate({ runs, steps }, { t, format }) {
  return html`
    ${listTemplate(t.runsThatShowIt, runs.map((id) => ({ address: `/tasks/${id}`, name: runName(id, format) })), { t, format })}
    ${listTemplate(t.stepsThatShowIt, steps.map(stepOf).map(({ taskId, number }) =>
      ({ address: `/tasks/${taskId}#step=${number}`, name: t.stepOfRun(number, runName(taskId, format)) })), { t, format })}`;
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

/** When it began, as most ids tell (UUIDs of version 7); else the id itself. */
function runName(id, format) {
  return id[14] === '7' ? format.time(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)) : id;
}
