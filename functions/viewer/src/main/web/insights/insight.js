import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { beginning } from '../excerpts.js';
import { evidenceTemplate } from './evidence.js';
import { movesTemplate } from './moves.js';

const NAME = 80;
const ERROR = 300;

/** One thing that runs of a task taught: in a sentence, with what was compared, and the runs and steps that show it. */
export function insightTemplate(insight, { t, format }) {
  const { kind, figures } = insight;
  return html`
    <li>
      <h3>${Object.hasOwn(t.insightKinds, kind) ? t.insightKinds[kind] : kind}</h3>
      ${Object.hasOwn(t.insight, kind) ? html`<p>${t.insight[kind](figures, format)}</p>` : nothing}
      ${figures.error ? html`<p><q dir="auto">${beginning(figures.error, ERROR)}</q></p>` : nothing}
      ${figures.actions ? movesTemplate(figures.actions) : nothing}
      ${barsTemplate(compared(insight, { t, format }))}
      ${evidenceTemplate(insight, { t, format })}
    </li>`;
}

/** What a kind sets side by side: names, values, and how these are told. */
function compared({ kind, figures }, { t, format }) {
  const { from, to, before, after, tasks_before: runsBefore, tasks_after: runsAfter } = figures;
  switch (kind) {
    case 'regression': {
      const told = (value, runs) => `${figures.what === 'success' ? format.percent(value) : format.duration(value)} (${t.runs(runs)})`;
      return {
        most: figures.what === 'success' ? 1 : Math.max(before, after),
        bars: [[from, before, told(before, runsBefore)], [to, after, told(after, runsAfter)]],
      };
    }
    case 'shorter_path':
      return {
        most: figures.usual_steps,
        bars: [[t.usual, figures.usual_steps, t.steps(figures.usual_steps)], [t.shorter, figures.steps, t.steps(figures.steps)]],
      };
    default:
      return { most: 0, bars: [] };
  }
}

function barsTemplate({ most, bars }) {
  return bars.length === 0 ? nothing : html`
    <ul class="compared">${bars.map(([name, value, told]) => html`
      <li><span dir="auto">${beginning(name, NAME)}</span>
        <meter min="0" max=${most} value=${value} aria-hidden="true"></meter> ${told}</li>`)}
    </ul>`;
}
