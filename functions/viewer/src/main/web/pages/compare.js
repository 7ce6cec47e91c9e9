import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { guard } from '../vendor/lit-html/directives/guard.js';
import { describe, hasFailed } from '../action.js';
import { Format } from '../format.js';
import { Frames } from '../frames/frames.js';
import { Urls } from '../frames/urls.js';
import { MOST, byAction, byNumber, isSame, isTooLong } from '../run/align.js';
import { Run } from '../run/run.js';
import { Stage } from '../run/stage.js';
import { Veil } from '../run/veil.js';

/** Two runs side by side, aligned by step. */
export async function open({ api, shell, t, parameters }) {
  const ids = [parameters.get('a'), parameters.get('b')];
  shell.title(t.compareTitle);
  if (ids.includes(null)) {
    shell.notice(t.compareTitle, t.compareNeedsTwo);
    return;
  }
  const format = new Format(t);
  const sides = ids.map((id) => side(id));
  await Promise.all(sides.map(({ run }) => run.open(1)));
  let align = byAction;
  let current = 0;
  let rows = [];
  let same = [];

  function side(id) {
    const run = new Run(api, encodeURIComponent(id));
    const frames = new Frames(new Urls(api, run.taskId));
    return { run, stage: new Stage(frames, new Veil(), t) };
  }

  function update() {
    const [before] = rows.slice(current, current + 1);
    rows = align(sides[0].run.steps, sides[1].run.steps);
    same = rows.map(isSame);
    const place = before ? rows.findIndex((row) => row.some((step, which) => step && step.step_number === before[which]?.step_number)) : 0;
    current = Math.max(0, place);
    if (rows[current]?.some((step, which) => step !== before?.[which])) {
      showPictures();
    }
    show(); // and the list stays where its reader scrolled it
  }

  function showPictures() {
    rows[current]?.forEach((step, which) => sides[which].stage.show(step, 'before'));
  }

  function choose(index) {
    current = index;
    showPictures();
    show();
    const list = shell.main.querySelector('.rows');
    const row = list?.children[index];
    if (row && (row.offsetTop < list.scrollTop || row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight)) {
      list.scrollTop = row.offsetTop - list.clientHeight / 2;
    }
  }

  function nextDifference() {
    const after = same.findIndex((isEqual, index) => index > current && !isEqual);
    choose(after < 0 ? Math.max(0, same.indexOf(false)) : after);
  }

  function show() {
    shell.show(html`
      <h1>${t.compareTitle}</h1>
      <div class="pair">${sides.map(({ run: { report, taskId }, stage }, which) => html`
        <section class="card">
          <h2><a href="/tasks/${taskId}" dir="auto">${report.name ?? report.description ?? report.task_id}</a></h2>
          <p><span class="badge ${report.status}">${t.status[report.status]}</span> ${t.steps(report.total_steps)} ·
            ${format.duration(report.elapsed_ms)} ${report.model ? html`· <span dir="auto">${report.model}</span>` : nothing}</p>
          <p class="quiet">${t.ending[report.ending] ?? nothing}</p>
          ${stage.element}
          <p class="did" dir="auto">${cell(rows[current]?.[which] ?? null)}</p>
        </section>`)}
      </div>
      <div class="buttons">
        <input class="scrub" type="range" min="0" max=${Math.max(0, rows.length - 1)} .value=${String(current)} aria-label=${t.position}
            aria-valuetext=${rows.length ? `${current + 1} / ${rows.length}` : nothing} @input=${(event) => choose(Number(event.target.value))}>
        <button type="button" @click=${() => choose(Math.max(0, current - 1))}>${t.previous}</button>
        <button type="button" @click=${() => choose(Math.min(rows.length - 1, current + 1))}>${t.next}</button>
        <button type="button" @click=${nextDifference}>${t.nextDifference}</button>
        <label>${t.alignBy} <select @change=${(event) => {
          align = event.target.value === 'number' ? byNumber : byAction;
          update();
          choose(current);
        }}><option value="action">${t.alignAction}</option><option value="number">${t.alignNumber}</option></select></label>
        <span role="status">${t.sameActions(same.filter(Boolean).length, rows.length)}
          ${align === byAction && isTooLong(...sides.map(({ run }) => run.steps)) ? t.tooLongToAlign(format.number(MOST)) : nothing}</span>
      </div>
      <ol class="rows card" tabindex="0" aria-label=${t.compareTitle}>${rows.map((row, index) => guard([row, index === current], () => line(row, index)))}
      </ol>`);
  }

  function line(row, index) {
    return html`
      <li class=${same[index] ? 'same' : 'differs'} aria-current=${index === current ? 'true' : nothing}>
        <button type="button" class="plain" @click=${() => choose(index)}>
          <span dir="auto">${cell(row[0])}</span>
          <span class="sign">${same[index] ? '=' : '≠'}<span class="unseen">${same[index] ? '' : t.differs}</span></span>
          <span dir="auto">${cell(row[1])}</span></button></li>`;
  }

  function cell(step) {
    return step === null
      ? html`<span class="quiet">${t.nothingHere}</span>`
      : html`<span class="number">${step.step_number}</span> ${describe(step, t).slice(0, 120)}
          ${hasFailed(step) ? html`<strong class="wrong">${t.failed}</strong>` : nothing}`;
  }

  sides.forEach(({ run }) => ['steps', 'report'].forEach((event) => run.addEventListener(event, update)));
  update();
  await Promise.all(sides.map(({ run }) => run.follow()));
}
