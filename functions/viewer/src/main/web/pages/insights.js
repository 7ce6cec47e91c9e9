import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { Ending } from '../ending.js';
import { Format } from '../format.js';
import { asked, insightsAddress } from '../insights/address.js';
import { expectationTemplate } from '../insights/expectation.js';
import { insightTemplate } from '../insights/insight.js';
import { InsightList, KINDS } from '../insights/insightlist.js';

/** What the reader's runs taught, task by task: what to act on first, and what to expect of the next run. */
export async function open({ api, shell, t, parameters }) {
  const format = new Format(t);
  const filters = {
    kind: KINDS.find((kind) => kind === parameters.get('kind')) ?? '',
    instruction: asked(parameters.get('instruction') ?? ''),
  };
  const list = new InsightList(api, filters);
  const more = () => list.more().catch((error) => shell.fail(error));
  const ending = new Ending(more);

  function look() {
    history.replaceState(null, '', insightsAddress(filters));
    return list.load().catch((error) => shell.fail(error));
  }

  function filter(name, value) {
    filters[name] = value;
    look();
  }

  /** The button goes, and the focus to where one looks for something else. */
  function clear() {
    Object.assign(filters, { kind: '', instruction: '' });
    look();
    shell.main.querySelector('.filters input').focus();
  }

  function show() {
    const { tasks, isLoading, hasFailed, hasMore } = list;
    const isFiltered = Boolean(filters.kind || filters.instruction);
    const ofSeveral = new Set(tasks.map(({ owner }) => owner)).size > 1;
    shell.show(html`
      <div><h1>${t.insights}</h1><p class="quiet">${t.insightsText}</p></div>
      <form class="filters" role="search" @submit=${(event) => event.preventDefault()}>
        <label class="wide">${t.taskAsAsked} <input list="known-tasks" maxlength="1024" .value=${filters.instruction}
            @change=${(event) => filter('instruction', asked(event.target.value))}>
          <datalist id="known-tasks">${[...new Set(tasks.map(({ text }) => text).filter(Boolean))].map((text) => html`<option value=${text}></option>`)}</datalist></label>
        <label>${t.filterKind} <select @change=${(event) => filter('kind', event.target.value)}>
            <option value="">${t.anyKind}</option>
            ${KINDS.map((kind) => html`<option value=${kind} .selected=${filters.kind === kind}>${t.insightKinds[kind]}</option>`)}
          </select></label>
        ${isFiltered ? html`<button type="button" @click=${clear}>${t.clear}</button>` : nothing}
      </form>
      ${tasks.length === 0 && !isLoading && !hasFailed ? emptyTemplate() : nothing}
      ${repeat(tasks, ({ key }) => key, (task) => taskTemplate(task, ofSeveral))}
      <p role="status">${isLoading ? t.loading : tasks.length && !hasMore ? t.allTaught(tasks.length) : nothing}</p>
      ${hasMore ? html`<button type="button" class="more" @click=${more}>${t.more}</button>` : nothing}`);
    ending.watch(isLoading || hasFailed ? null : shell.main.querySelector('.more')); // after a failure only a click reads on
  }

  /** Too few runs say nothing, which is another thing than runs that were looked at and are all well. */
  function emptyTemplate() {
    const [headline, advice] = !list.hasEnoughTasks ? [t.notEnoughRuns, t.notEnoughRunsAdvice]
      : filters.instruction ? [t.noInsightMatches, t.noInsightOfTaskAdvice]
        : filters.kind ? [t.noInsightMatches, t.noMatchAdvice] : [t.noInsights, t.noInsightsAdvice];
    return html`<section class="card notice"><h2>${headline}</h2><p>${advice}</p></section>`;
  }

  function taskTemplate({ text, owner, expectation, toActOn }, ofSeveral) {
    return html`
      <section class="card taught">
        <h2 dir="auto">${text || t.allTasksTogether}</h2>
        ${ofSeveral ? html`<p class="quiet">${t.owner} <bdi>${owner}</bdi></p>` : nothing}
        ${expectation ? expectationTemplate(expectation, { t, format }) : nothing}
        ${toActOn.length ? html`<ul class="insights">${toActOn.map((insight) => insightTemplate(insight, { t, format }))}</ul>`
          : filters.kind ? nothing : html`<p class="quiet">${t.nothingToActOn}</p>`}
      </section>`;
  }

  shell.title(t.insights);
  list.addEventListener('change', show);
  await look(); // what of the address means nothing is not kept there
}
