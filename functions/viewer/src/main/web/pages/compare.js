import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { beginning } from '../excerpts.js';
import { Format } from '../format.js';
import { Frames } from '../frames/frames.js';
import { Urls } from '../frames/urls.js';
import { MOST, byAction, byNumber, isSame, isTooLong } from '../run/align.js';
import { Rows, deedTemplate } from '../run/rows.js';
import { Run } from '../run/run.js';
import { Stage } from '../run/stage.js';
import { endingText } from '../run/text.js';
import { Veil } from '../run/veil.js';

const NAME = 300;

/** Two runs side by side, aligned by step. */
export async function open({ api, shell, t, parameters }) {
  const ids = [parameters.get('a'), parameters.get('b')].map((id) => id?.toLowerCase());
  shell.title(t.compareTitle);
  if (!ids.every(Boolean)) {
    shell.notice(t.compareTitle, t.compareNeedsTwo);
    return;
  }
  const format = new Format(t);
  const sides = ids.map((id) => side(id));
  await Promise.all(sides.map(({ run }) => run.open(1)));
  const list = new Rows(t);
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
    list.update(rows, current);
    show();
  }

  function showPictures() {
    rows[current]?.forEach((step, which) => sides[which].stage.show(step, 'before'));
  }

  function choose(index) {
    current = index;
    showPictures();
    show();
    list.choose(index);
  }

  function nextDifference() {
    const after = same.findIndex((isEqual, index) => index > current && !isEqual);
    choose(after < 0 ? Math.max(0, same.indexOf(false)) : after);
  }

  function show() {
    shell.show(html`
      <h1>${t.compareTitle}</h1>
      ${sides.every(({ run }) => run.isConnected) ? nothing : html`<p class="offline" role="status">${t.offline}</p>`}
      <div class="pair">${sides.map(({ run: { report, taskId }, stage }, which) => html`
        <section class="card">
          <h2><a href="/tasks/${taskId}" dir="auto">${beginning(report.name ?? report.description ?? report.task_id, NAME)}</a></h2>
          <p><span class="badge ${report.status}">${t.status[report.status]}</span> ${t.steps(report.total_steps)} ·
            ${format.duration(report.elapsed_ms)} ${report.model ? html`· <span dir="auto">${report.model}</span>` : nothing}</p>
          <p class="quiet">${endingText(report, t) ?? nothing}</p>
          ${stage.element}
          <p class="did" dir="auto">${deedTemplate(rows[current]?.[which] ?? null, t)}</p>
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
        <span role="status">${t.sameActions(format.number(same.filter(Boolean).length), format.number(rows.length))}
          ${align === byAction && isTooLong(...sides.map(({ run }) => run.steps)) ? t.tooLongToAlign(format.number(MOST)) : nothing}</span>
      </div>
      ${list.element}`);
  }

  list.addEventListener('choose', ({ detail }) => choose(detail));
  sides.forEach(({ run }) => {
    ['steps', 'report'].forEach((event) => run.addEventListener(event, update));
    run.addEventListener('connection', show);
  });
  update();
  await Promise.all(sides.map(({ run }) => run.follow()));
}
