import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { Format } from '../format.js';

const PAGE = 50;
const POLL_MS = 5000;
const TYPING_MS = 300;
const STATES = ['running', 'succeeded', 'failed', 'cancelled', 'abandoned', 'archived'];
const TEXTS = ['agent', 'device_id', 'model'];

/** The reader's tasks, newest first: filtered, read on as one scrolls, those that run kept up to date. */
export async function open({ api, shell, t, parameters }) {
  const format = new Format(t);
  const filters = Object.fromEntries([...parameters].filter(([name]) => NAMES.includes(name)));
  let tasks = [];
  let next = null;
  let isLoading = false;
  let hasFailed = false;
  const chosen = new Set();
  let turn = new AbortController();

  shell.title(t.tasks);

  async function load() {
    turn.abort();
    turn = new AbortController();
    await read(null, turn.signal);
  }

  async function more() {
    if (next && !isLoading) {
      await read(next, turn.signal);
    }
  }

  async function read(cursor, signal) {
    isLoading = true;
    hasFailed = false;
    show();
    try {
      const page = await api.get('/tasks', { ...query(filters), limit: PAGE, cursor }, signal);
      tasks = cursor ? [...tasks, ...page.tasks] : page.tasks;
      next = page.next_cursor;
    } catch (error) {
      hasFailed = !signal.aborted;
      shell.fail(error);
    } finally {
      if (!signal.aborted) {
        isLoading = false;
        show();
      }
    }
  }

  /** New tasks come to the head, and those that run are asked for one by one. */
  async function keepUpToDate() {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (document.hidden || isLoading) {
        continue;
      }
      try {
        await refresh();
      } catch (error) {
        if (error.status === 401) {
          shell.fail(error);
          return;
        }
        console.info('the list is not up to date', error); // the next turn tries again
      }
    }
  }

  const etags = new Map();

  async function refresh() {
    const signal = turn.signal;
    const { tasks: newest, next_cursor: older } = await api.get('/tasks', { ...query(filters), limit: PAGE }, signal);
    const known = new Set(tasks.map((task) => task.task_id));
    if (tasks.length && older && !newest.some((task) => known.has(task.task_id))) {
      await load(); // more have come than a page holds: between these and those that are shown some would be missing
      return;
    }
    const fresh = new Map(newest.map((task) => [task.task_id, task]));
    for (const { task_id: id, status } of tasks) {
      if (status === 'running' && !fresh.has(id)) {
        fresh.set(id, await current(id, signal));
      }
    }
    if (signal.aborted) {
      return;
    }
    tasks = [...newest.filter((task) => !known.has(task.task_id)),
      ...tasks.map((task) => (fresh.has(task.task_id) ? fresh.get(task.task_id) ?? task : task)).filter((task) => task !== GONE)];
    show();
  }

  /** A task as it is now; null if it is as before. */
  async function current(id, signal) {
    try {
      const { body, etag } = await api.revalidate(`/tasks/${id}`, etags.get(id), signal);
      etags.set(id, etag);
      return body;
    } catch (problem) {
      if (problem.status === 404) {
        return GONE;
      }
      throw problem;
    }
  }

  let typing = null;

  function filter(name, value, pause = 0) {
    value ? (filters[name] = value) : delete filters[name];
    clearTimeout(typing);
    typing = setTimeout(() => {
      const search = new URLSearchParams(filters);
      history.replaceState(null, '', search.size ? `/?${search}` : '/');
      load();
    }, pause);
  }

  function clear() {
    clearTimeout(typing);
    NAMES.forEach((name) => delete filters[name]);
    history.replaceState(null, '', '/');
    load();
  }

  function choose(id, isChosen) {
    isChosen ? chosen.add(id) : chosen.delete(id);
    if (chosen.size > 2) {
      chosen.delete([...chosen][0]);
    }
    show();
  }

  function show() {
    const isFiltered = Object.keys(filters).length > 0;
    shell.show(html`
      <h1>${t.tasks}</h1>
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        <label class="wide">${t.search} <input type="search" maxlength="200" .value=${filters.text ?? ''}
            @input=${(event) => filter('text', event.target.value.trim(), TYPING_MS)}></label>
        <label>${t.filterStatus} <select @change=${(event) => filter('status', event.target.value)}>
            <option value="">${t.anyStatus}</option>
            ${STATES.map((state) => html`<option value=${state} .selected=${filters.status === state}>${t.status[state]}</option>`)}
          </select></label>
        ${TEXTS.map((name) => html`<label>${{ agent: t.agent, device_id: t.device, model: t.model }[name]}
          <input list="known-${name}" maxlength="1024" .value=${filters[name] ?? ''}
              @change=${(event) => filter(name, event.target.value.trim())}>
          <datalist id="known-${name}">${[...new Set(tasks.map((task) => task[name]).filter(Boolean))].map((value) =>
            html`<option value=${value}></option>`)}</datalist></label>`)}
        ${['since', 'until'].map((name) => html`<label>${t[name]} <input type="datetime-local" .value=${filters[name] ?? ''}
            @change=${(event) => filter(name, event.target.value)}></label>`)}
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
      <p role="status">${isLoading ? t.loading : tasks.length && !next ? t.allShown(tasks.length) : nothing}</p>
      ${next ? html`<button type="button" class="more" @click=${more}>${t.more}</button>` : nothing}`);
    watchTheEnd(isLoading || hasFailed ? null : shell.main.querySelector('.more')); // after a failure only a click reads on
  }

  function item(task) {
    const name = task.name ?? task.description ?? task.task_id;
    const took = Date.parse(task.ended_at ?? task.last_step_at ?? task.started_at) - Date.parse(task.started_at);
    return html`
      <li class="card task">
        <h2><a href="/tasks/${task.task_id}" dir="auto">${name.slice(0, 300)}</a></h2>
        <p><span class="badge ${task.status}">${t.status[task.status] ?? task.status}</span>
          ${t.steps(task.total_steps)}${task.failed_steps ? html`, <span class="wrong">${t.failedSteps(task.failed_steps)}</span>` : nothing}</p>
        <p class="quiet">${[format.time(task.started_at), took > 0 ? format.duration(took) : null, task.agent, task.model, task.device_id]
          .filter(Boolean).map((fact, place) => html`${place ? ' · ' : nothing}<bdi>${fact}</bdi>`)}</p>
        <label class="choose"><input type="checkbox" .checked=${chosen.has(task.task_id)}
            @change=${(event) => choose(task.task_id, event.target.checked)} aria-label=${t.choose(name.slice(0, 80))}> ⇄</label>
      </li>`;
  }

  let watched = null;
  const end = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && more(), { rootMargin: '600px' });

  function watchTheEnd(button) {
    if (button !== watched) {
      end.disconnect();
      watched = button;
    }
    if (button) {
      end.unobserve(button); // observed anew it is told again, if it is still in sight
      end.observe(button);
    }
  }

  await load();
  await keepUpToDate();
}

/** In place of a task that was deleted. */
const GONE = {};

const NAMES = ['text', 'status', ...TEXTS, 'since', 'until'];

/** The reader's times are in the reader's zone, the service's have theirs with them. */
function query(filters) {
  const times = Object.fromEntries(['since', 'until'].filter((name) => filters[name] && !Number.isNaN(Date.parse(filters[name])))
    .map((name) => [name, new Date(filters[name]).toISOString()]));
  return { ...filters, since: undefined, until: undefined, ...times };
}
