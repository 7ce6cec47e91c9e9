import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { beginning } from '../excerpts.js';
import { insightsAddress } from '../insights/address.js';
import { chancesTemplate } from '../insights/expectation.js';
import { endingText } from './text.js';

const HEADLINE = 200;
const TEXT = 600;
const NAME = 80;
const STEPS = 20;

/** The run went elsewhere than those that succeed. */
const LEFT = 'path_deviation';

/**
 * What the run was, and how it really ended.
 *
 * @param excerpts of texts, which may be long
 */
export function headTemplate(report, { t, format, excerpts, shared, keep }) {
  const facts = [
    [t.began, format.time(report.started_at)],
    [t.elapsed, format.duration(report.elapsed_ms)],
    [t.agent, report.agent],
    [t.model, report.model],
    [t.device, report.device_id],
    [t.owner, shared ? null : report.owner],
  ].filter(([, value]) => value);
  const asked = report.description ?? report.name; // which runs of one task have in common
  return html`
    <section class="card head">
      ${shared ? html`<p class="quiet">${t.sharedNote}</p>` : nothing}
      <h1 dir="auto">${excerpts.of('name', report.name ?? report.description ?? report.task_id, HEADLINE)}</h1>
      ${report.name && report.description && report.description !== report.name
        ? html`<p class="description" dir="auto">${excerpts.of('description', report.description, TEXT)}</p>` : nothing}
      <p class="ending">
        <span class="badge ${report.status}">${t.status[report.status] ?? report.status}</span>
        ${report.status === 'running' ? t.stillRunning : endingText(report, t) ?? nothing}
        ${report.status === 'running' ? html`<span class="badge live" role="status">${t.live}</span>` : nothing}
        ${report.status === 'running' && report.findings.some(({ kind }) => kind === LEFT)
          ? html`<span class="badge off" role="status">${t.offTheUsualPath}</span>` : nothing}
        ${report.keep ? html`<span class="badge">${t.kept}</span>` : nothing}
      </p>
      ${report.message ? html`<p><span class="quiet">${t.message}</span> <q dir="auto">${excerpts.of('message', report.message, TEXT)}</q></p>` : nothing}
      <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd dir="auto">${value}</dd></div>`)}
        ${report.previous_task_id ? html`<div><dt>${t.continues}</dt><dd>${shared ? report.previous_task_id : html`<a href="/tasks/${report.previous_task_id}">${report.previous_task_id}</a>`}</dd></div>`
          : nothing}
      </dl>
      ${shared ? nothing : html`<p class="buttons"><button type="button" @click=${keep}>${report.keep ? t.keepNot : t.keep}</button>
        ${asked ? html`<a href=${insightsAddress({ instruction: asked })}>${t.whatRunsTeach}</a>` : nothing}</p>`}
    </section>`;
}

export function statisticsTemplate(report, { t, format }) {
  const numbers = [
    [t.steps(report.total_steps), t.failedSteps(report.failed_steps)],
    [t.successRate, format.percent(report.step_success_rate)],
    [t.meanStep, format.duration(report.step_durations.mean_ms ?? report.step_intervals?.mean_ms)],
    [t.p95Step, format.duration(report.step_durations.p95_ms ?? report.step_intervals?.p95_ms)],
    [t.modelTime, format.duration(report.model_time.mean_ms)],
    [t.gaps, format.duration(report.gaps_between_steps.total_ms)],
  ];
  return html`
    <h2>${t.statistics}</h2>
    ${report.truncated ? html`<p class="quiet">${t.truncatedReport(format.number(report.summarised_steps), format.number(report.total_steps))}</p>` : nothing}
    <dl class="numbers">${numbers.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <div class="columns">
      ${countsTemplate(t.byType, report.steps_by_type, t.type, format)}
      ${countsTemplate(t.byAction, report.steps_by_action, t.does, format)}
    </div>`;
}

function countsTemplate(title, counts, names, format) {
  const entries = Object.entries(counts);
  if (entries.length === 0) {
    return nothing;
  }
  const most = Math.max(...entries.map(([, count]) => count));
  return html`
    <section><h3>${title}</h3>
      <ul class="counts">${entries.map(([name, count]) => html`
        <li><span dir="auto">${Object.hasOwn(names, name) ? names[name] : beginning(name, NAME)}</span>
          <meter min="0" max=${most} value=${count} aria-hidden="true"></meter> ${format.number(count)}</li>`)}
      </ul>
    </section>`;
}

/** What somebody should look at: causes of errors, losses, gaps. */
export function findingsTemplate(report, { t, format, excerpts, go }) {
  const lost = [
    report.dropped_steps ? t.lostSteps(format.number(report.dropped_steps)) : null,
    report.dropped_screenshots + report.total_lost_screenshots
      ? t.lostScreenshots(format.number(report.dropped_screenshots + report.total_lost_screenshots)) : null,
  ].filter(Boolean).join(', ');
  const rows = [
    ...report.error_causes.map(({ cause, count, first_step: first }) =>
      ({ what: t.causes, text: `${cause ?? t.unknown}${count > 1 ? ` (${format.number(count)} ×)` : ''}`, steps: [first] })),
    ...report.findings.map(({ kind, steps, detail }) => ({ what: t.findings, text: findingText(kind, detail, { t, format }), steps })),
    ...(report.missing_steps.length
      ? [{ what: t.missing, text: report.missing_steps.map(({ first, last }) => (first === last ? first : `${first}–${last}`)).join(', ') }]
      : []),
    ...(lost ? [{ what: t.lost, text: lost }] : []),
    ...(report.conflicting_steps ? [{ what: t.conflicts, text: format.number(report.conflicting_steps) }] : []),
  ];
  return rows.length === 0 ? nothing : html`
    <section class="card">
      <h2>${t.findings}</h2>
      <ul class="findings">${rows.map(({ what, text, steps = [] }) => html`
        <li><strong>${what}:</strong> <span dir="auto">${excerpts.of(`${what} ${steps[0]}`, text, HEADLINE)}</span>
          ${stepLinks(steps, t, go)}</li>`)}
      </ul>
    </section>`;
}

/** With its figures: in a sentence, or as they are where this version does not know the kind. */
function findingText(kind, detail, { t, format }) {
  const text = Object.hasOwn(t.finding, kind) ? t.finding[kind] : kind;
  if (!detail) {
    return text;
  }
  const told = Object.hasOwn(t.detail, kind) ? t.detail[kind](detail, format) : JSON.stringify(detail);
  return `${text}: ${told}${detail.first_action && Object.hasOwn(t.detail, kind) ? `; ${t.firstAction(detail.first_action)}` : ''}`;
}

/** How the owner's runs of the same task went, this one too if it ended; nothing where too few did, or who looks has but a link to this one. */
export function runsOfTaskTemplate(report, { t, format }) {
  return report.expectation === null ? nothing : html`
    <section class="card others">
      <h2>${t.runsOfTask}</h2>
      ${chancesTemplate(report.expectation, { t, format })}
    </section>`;
}

/** What to change, each with the steps that show it. */
export function suggestionsTemplate(report, { t, format, go }) {
  return report.suggestions.length === 0 ? nothing : html`
    <section class="card">
      <h2>${t.suggestions}</h2>
      <ul class="suggestions">${report.suggestions.map(({ kind, steps, figures }) => html`
        <li><span dir="auto">${Object.hasOwn(t.suggestion, kind) ? t.suggestion[kind](figures, format) : `${kind} ${JSON.stringify(figures)}`}</span>
          ${figures.task_id ? html`<a href="/compare?${new URLSearchParams({ a: report.task_id, b: figures.task_id })}">${t.compareBoth}</a>` : nothing}
          ${stepLinks(steps, t, go)}</li>`)}
      </ul>
    </section>`;
}

function stepLinks(steps, t, go) {
  return steps.slice(0, STEPS).map((number) => html` <a href="#step=${number}" @click=${(event) => {
    event.preventDefault();
    go(number);
  }}>${t.perStep} ${number}</a>`);
}
