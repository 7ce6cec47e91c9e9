import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Excerpts } from '../excerpts.js';
import { Format } from '../format.js';
import { Frames } from '../frames/frames.js';
import { Urls } from '../frames/urls.js';
import { Difference } from '../run/difference.js';
import { downloadsTemplate } from '../run/downloads.js';
import { DurationsChart } from '../run/durations.js';
import { Player } from '../run/player.js';
import { Run } from '../run/run.js';
import { Sharing } from '../run/sharing.js';
import { StepList } from '../run/steplist.js';
import { findingsTemplate, headTemplate, runsOfTaskTemplate, statisticsTemplate, suggestionsTemplate } from '../run/summary.js';
import { Timeline } from '../run/timeline.js';
import { Veil } from '../run/veil.js';

const GREATEST = 2 ** 31 - 1;

/** One run: what is known of it, and its playback. */
export async function open({ api, shell, t, taskId, shared }) {
  const format = new Format(t);
  const run = new Run(api, taskId);
  const urls = new Urls(api, taskId);
  const frames = new Frames(urls);
  const veil = new Veil();
  const wanted = stepIn(location.hash);
  urls.first(wanted); // a head start for the first picture
  await run.open(wanted);

  const player = new Player(run, frames, veil, t);
  const timeline = new Timeline(t);
  const chart = new DurationsChart(t, format);
  const list = new StepList(run, t, format);
  const difference = new Difference(run, frames, veil, t);
  const sharing = shared ? null : new Sharing(api, taskId, t, format);
  const excerpts = new Excerpts(t, format, showReport);
  const go = ({ detail }) => player.seek(detail);
  [timeline, chart, list].forEach((part) => part.addEventListener('choose', go));
  list.addEventListener('choose', () => player.element.scrollIntoView({ block: 'nearest' }));

  async function keep() {
    try {
      await api.put(`/tasks/${taskId}/keep`, { keep: !run.report.keep });
      run.report = { ...run.report, keep: !run.report.keep };
      showReport();
    } catch (error) {
      shell.fail(error);
    }
  }

  function showReport() {
    const { report } = run;
    shell.title(report.name ?? report.description ?? report.task_id);
    shell.show(html`
      ${headTemplate(report, { t, format, excerpts, shared, keep })}
      ${run.isConnected ? nothing : html`<p class="offline" role="status">${t.offline}</p>`}
      ${run.steps.length === 0 ? noSteps(report, t) : nothing}
      <div class="run" ?hidden=${run.steps.length === 0}>
        <section class="watch" aria-label=${t.playback}>${player.element}</section>
        <div class="read">
          ${list.element}
        </div>
      </div>
      <section class="card" ?hidden=${run.steps.length === 0}>
        <h2>${t.timeline}</h2>${timeline.element}
        ${chart.element}
      </section>
      <section class="card">${statisticsTemplate(report, { t, format })}</section>
      ${findingsTemplate(report, { t, format, excerpts, go: (number) => player.seek(number) })}
      ${runsOfTaskTemplate(report, { t, format })}
      ${suggestionsTemplate(report, { t, format, go: (number) => player.seek(number) })}
      ${difference.element}
      <section class="card"><h2>${t.download}</h2>${downloads}</section>
      ${sharing?.element ?? nothing}`);
  }

  const downloads = downloadsTemplate({ api, run, frames, veil, t, fail: (error) => shell.fail(error), shared });

  function showSteps() {
    player.update();
    timeline.setSteps(run.steps);
    chart.setSteps(run.steps);
    list.update();
    difference.update();
  }

  player.addEventListener('position', () => {
    const number = player.step.step_number;
    nameInAddress(player.follows ? null : number); // who follows goes on to do so when the page is opened again
    timeline.choose(number);
    chart.choose(number);
    list.choose(number);
    difference.choose(player.step);
  });
  run.addEventListener('report', showReport);
  run.addEventListener('connection', showReport);
  run.addEventListener('steps', () => {
    const wasEmpty = shell.main.querySelector('.run')?.hidden;
    showSteps();
    if (wasEmpty) {
      showReport();
    }
  });
  addEventListener('hashchange', ({ newURL }) => {
    clearTimeout(naming); // or the step before would be named again
    player.seek(stepIn(new URL(newURL).hash));
  });

  showReport();
  list.update(); // before it is told which step to show
  if (new URLSearchParams(location.hash.slice(1)).has('step') && run.steps.length) {
    player.seek(wanted);
  } else {
    player.follows = run.isRunning;
  }
  showSteps();
  await run.follow();
}

function noSteps(report, t) {
  const { status } = report;
  if (status === 'archived') {
    return html`<p class="card notice">${t.archivedNote} <code>steptrail restore ${report.task_id}</code></p>`;
  }
  return status === 'running'
    ? html`<p class="card notice" role="status">${t.stepsComing}</p>`
    : html`<section class="card notice"><h2>${t.noSteps}</h2><p>${t.noStepsAdvice}</p></section>`;
}

function stepIn(hash) {
  const number = Number(new URLSearchParams(hash.slice(1)).get('step'));
  return Number.isInteger(number) && number > 0 && number <= GREATEST ? number : 1;
}

let naming = null;

/** A browser takes only so many changes of the address; the last one counts. */
function nameInAddress(number) {
  clearTimeout(naming);
  const fragment = number === null ? '' : `#step=${number}`;
  naming = setTimeout(() => history.replaceState(null, '', `${location.pathname}${location.search}${fragment}`), 150);
}
