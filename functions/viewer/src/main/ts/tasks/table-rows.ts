import { css, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AppContext } from '../app-context.ts';
import type { ListedTask } from '../api/types.ts';
import { icon } from '../components/icons.ts';
import '../components/outcome.ts';
import type { TaskCells } from './task-cells.ts';

const SHOWN_TAGS = 2;

/** Styles of {@link tableTemplate}. */
export const tableStyles = css`
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
  }

  th {
    position: sticky;
    z-index: 3;
    top: var(--top, 0);
    height: 30px;
    padding: 0 8px;
    border-bottom: 1px solid var(--st-border);
    background: var(--st-surface);
    color: var(--st-text-muted);
    font-size: var(--st-size-small);
    font-weight: 500;
    text-align: left;
    white-space: nowrap;
  }

  tr {
    position: relative;
  }

  td {
    height: 57px;
    padding: 0 8px;
    border-bottom: 1px solid var(--st-border);
    overflow: hidden;
  }

  tbody tr:hover {
    background: var(--st-surface-2);
  }

  tbody tr.selected {
    background: var(--st-accent-quiet);
  }

  .end {
    text-align: right;
  }

  td div {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  td.select {
    padding: 0 0 0 4px;
  }

  td.screen {
    padding: 0 2px;
  }

  tr .thumbnail {
    width: 30px;
    height: 52px;
  }

  .tag {
    display: inline-block;
    max-width: 100%;
    padding: 0 7px;
    overflow: hidden;
    border: 1px solid var(--st-border);
    border-radius: var(--st-radius-chip);
    font-size: var(--st-size-caption);
    line-height: 17px;
    text-overflow: ellipsis;
    vertical-align: middle;
  }

  .keep {
    color: var(--st-text-muted);
    vertical-align: -3px;
  }

  col.c-select { width: 40px; }
  col.c-screen { width: 36px; }
  col.c-outcome { width: 134px; }
  col.c-steps { width: 92px; }
  col.c-duration { width: 92px; }
  col.c-cost { width: 108px; }
  col.c-model { width: clamp(150px, 13vw, 400px); }
  col.c-device { width: clamp(120px, 9vw, 240px); }
  col.c-tags { width: clamp(130px, 10vw, 320px); }
  col.c-started { width: 104px; }

  .device { display: none; }

  @media (width >= 1500px) {
    .device { display: revert; }
  }

  @media (width < 1200px) {
    .tags { display: none; }
  }

  @media (width < 1020px) {
    .cost { display: none; }
  }

  @media (width < 900px) {
    .model { display: none; }
  }
`;

/** Returns the tasks as a table. */
export function tableTemplate(tasks: readonly ListedTask[], label: string, cells: TaskCells) {
  const t = cells.context.t.tasks.columns;
  const names = ['outcome', 'steps', 'duration', 'cost', 'model', 'device', 'tags', 'started'] as const;
  const numbers = new Set<string>(['steps', 'duration', 'cost', 'started']);
  return html`
    <table aria-label=${label}>
      <colgroup><col class="c-select"><col class="c-screen"><col class="c-instruction">
        ${names.map((name) => html`<col class="c-${name} ${name}">`)}</colgroup>
      <thead><tr>
        <th><span class="hidden-text">${t.select}</span></th><th><span class="hidden-text">${t.screenshot}</span></th><th>${t.instruction}</th>
        ${names.map((name) => html`<th class="${name} ${numbers.has(name) ? 'end' : ''}">${t[name]}</th>`)}
      </tr></thead>
      <tbody>${repeat(tasks, ({ task_id: id }) => id, (task, index) => rowTemplate(task, index, cells))}</tbody>
    </table>`;
}

function rowTemplate(task: ListedTask, index: number, cells: TaskCells) {
  const { t, format } = cells.context;
  const tokens = format.tokens(task.usage);
  return html`
    <tr class=${cells.isSelected(task) ? 'selected' : ''} data-task=${task.task_id}>
      <td class="select">${cells.checkbox(task)}</td>
      <td class="screen">${cells.thumbnail(task, index)}</td>
      <td class="instruction">
        <div>${task.keep ? html`<span class="keep" title=${t.task.bar.kept}>${icon('keep', t.task.bar.kept)}</span> ` : nothing}${cells.link(task)}</div>
        ${cells.note(task)}
      </td>
      <td class="outcome"><st-outcome .t=${t} .task=${task}></st-outcome></td>
      <td class="steps end number"><div>${format.number(task.total_steps)}</div>${failedTemplate(task, cells.context)}</td>
      <td class="duration end number"><div>${cells.duration(task)}</div></td>
      <td class="cost end number">
        <div>${format.cost(task.cost) ?? nothing}</div>
        ${tokens === null ? nothing : html`<div class="second">${t.common.tokens(tokens)}</div>`}
      </td>
      <td class="model"><div title=${task.model ?? nothing}><bdi>${task.model}</bdi></div><div class="second"><bdi>${task.agent}</bdi></div></td>
      <td class="device"><div title=${task.device_id ?? nothing}><bdi>${task.device_id}</bdi></div></td>
      <td class="tags" title=${task.tags.join(', ') || nothing}>${tagsTemplate(task)}</td>
      <td class="started end number"><div title=${format.time(task.started_at)}>${format.age(task.started_at)}</div></td>
    </tr>`;
}

function failedTemplate({ failed_steps: failed }: ListedTask, { t, format }: AppContext) {
  return failed > 0
    ? html`<div class="second failed">${t.tasks.failedSteps(failed, format.number(failed))}</div>` : nothing;
}

function tagsTemplate({ tags }: ListedTask) {
  const more = tags.length - SHOWN_TAGS;
  return html`${tags.slice(0, SHOWN_TAGS).map((tag) => html`<bdi class="tag">${tag}</bdi> `)}${
    more > 0 ? html`<span class="muted small">+${more}</span>` : nothing}`;
}
