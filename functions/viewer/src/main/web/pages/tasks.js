import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { Ending } from '../ending.js';
import { beginning } from '../excerpts.js';
import { Format } from '../format.js';
import { Filters, STATES } from '../tasks/filters.js';
import { TaskList } from '../tasks/tasklist.js';

const TYPING_MS = 300;
const NAME = 300;
const LABEL = 80;

/** The reader's tasks: filtered, read on as one scrolls, those that run kept up to date. */
export async function open({ api, shell, t, parameters }) {
  const format = new Format(t);
  const filters = new Filters(parameters);
  const list = new TaskList(api, filters);
  const chosen = new Set();
  let typing = null;

  const load = () => list.load().catch((error) => shell.fail(error));
  const more = () => list.more().catch((error) => shell.fail(error));
  const ending = new Ending(more);

  function look() {
    clearTimeout(typing);
    history.replaceState(null, '', filters.address);
    return load();
  }

  function filter(name, value, pause = 0) {
    filters.set(name, value);
    clearTimeout(typing);
    typing = setTimeout(look, pause);
  }

  /** The button goes, and the focus to where one looks for something else. */
  function clear() {
    filters.clear();
    look();
    shell.main.querySelector('input[type=search]').focus();
  }

  function choose(id, isChosen) {
    isChosen ? chosen.add(id) : chosen.delete(id);
    if (chosen.size > 2) {
      chosen.delete([...chosen][0]);
    }
    show();
  }

  function show() {
    const { tasks, isLoading, hasFailed, hasMore } = list;
    const isFiltered = filters.areSet;
    shell.show(html`
      <h1>${t.tasks}</h1>
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        <label class="wide">${t.search} <input type="search" maxlength="200" .value=${filters.get('text')}
            @input=${(event) => filter('text', event.target.value, TYPING_MS)}></label>
        <label>${t.filterStatus} <select @change=${(event) => filter('status', event.target.value)}>
            <option value="">${t.anyStatus}</option>
            ${STATES.map((state) => html`<option value=${state} .selected=${filters.get('status') === state}>${t.status[state]}</option>`)}
          </select></label>
        ${[['agent', t.agent], ['device_id', t.device], ['model', t.model]].map(([name, label]) => html`<label>${label}
          <input list="known-${name}" maxlength="1024" .value=${filters.get(name)} @change=${(event) => filter(name, event.target.value)}>
          <datalist id="known-${name}">${[...new Set(tasks.map((task) => task[name]).filter(Boolean))].map((value) =>
            html`<option value=${value}></option>`)}</datalist></label>`)}
        ${[['since', t.since], ['until', t.until]].map(([name, label]) => html`<label>${label} <input type="datetime-local"
            .value=${filters.get(name)} @change=${(event) => filter(name, event.target.value)}></label>`)}
        ${isFiltered ? html`<button type="button" @click=${clear}>${t.clear}</button>` : nothing}
      </form>
      <p class="buttons">
        ${chosen.size === 2
          ? html`<a class="button primary" href="/compare?${new URLSearchParams({ a: [...chosen][0], b: [...chosen][1] })}">${t.compare}</a>`
          : html`<span class="quiet">${t.compareHint}</span>`}
      </p>
      ${tasks.length === 0 && !isLoading && !hasFailed ? html`
        <section class="card notice"><h2>${isFiltered ? t.noMatch : t.noTasks}</h2>
          <p>${isFiltered ? t.noMatchAdvice : t.noTasksAdvice}</p></section>` : nothing}
      <ul class="tasks">${repeat(tasks, (task) => task.task_id, item)}</ul>
      <p role="status">${isLoading ? t.loading : tasks.length && !hasMore ? t.allShown(tasks.length) : nothing}</p>
      ${hasMore ? html`<button type="button" class="more" @click=${more}>${t.more}</button>` : nothing}`);
    ending.watch(isLoading || hasFailed ? null : shell.main.querySelector('.more')); // after a failure only a click reads on
  }

  function item(task) {
    const name = task.name ?? task.description ?? task.task_id;
    const took = Date.parse(task.ended_at ?? task.last_step_at ?? task.started_at) - Date.parse(task.started_at);
    return html`
      <li class="card task">
        <h2><a href="/tasks/${task.task_id}" dir="auto">${beginning(name, NAME)}</a></h2>
        <p><span class="badge ${task.status}">${t.status[task.status] ?? task.status}</span>
          ${t.steps(task.total_steps)}${task.failed_steps ? html`, <span class="wrong">${t.failedSteps(task.failed_steps)}</span>` : nothing}</p>
        <p class="quiet">${[format.time(task.started_at), took > 0 ? format.duration(took) : null, task.agent, task.model, task.device_id]
          .filter(Boolean).map((fact, place) => html`${place ? ' · ' : nothing}<bdi>${fact}</bdi>`)}</p>
        <label class="choose"><input type="checkbox" .checked=${chosen.has(task.task_id)}
            @change=${(event) => choose(task.task_id, event.target.checked)} aria-label=${t.choose(beginning(name, LABEL))}> ⇄</label>
      </li>`;
  }

  shell.title(t.tasks);
  list.addEventListener('change', show);
  await look(); // what of the address means nothing is not kept there
  await list.keepUpToDate();
}
