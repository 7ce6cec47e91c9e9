import { css, html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ListedTask } from '../api/types.ts';
import '../components/outcome.ts';
import type { TaskCells } from './task-cells.ts';

/** Styles of {@link gridTemplate} and {@link cardsTemplate}. */
export const cardStyles = css`
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
    gap: 16px 12px;
    padding: var(--st-space-4);
  }

  .card {
    position: relative;
    display: grid;
    min-width: 0;
  }

  .card .title {
    display: -webkit-box;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }

  .grid .card {
    align-content: start;
    gap: 5px;
  }

  .grid .thumbnail {
    aspect-ratio: 9 / 16;
    width: 100%;
    border: 1px solid var(--st-border);
    border-radius: var(--st-radius-panel);
  }

  .grid .selected .thumbnail,
  .grid .card:hover .thumbnail {
    border-color: var(--st-accent);
  }

  .grid .selected .thumbnail {
    outline: 2px solid var(--st-accent);
  }

  .grid .check {
    position: absolute;
    top: 4px;
    left: 4px;
    border-radius: var(--st-radius);
    background: color-mix(in srgb, var(--st-surface) 80%, transparent);
  }

  @media (hover: hover) {
    .grid .card:not(.selected, :hover, :focus-within) .check {
      opacity: 0;
    }
  }

  .list .card {
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 0 10px;
    padding: 10px 4px 10px 12px;
    border-bottom: 1px solid var(--st-border);
  }

  .list .card.selected {
    background: var(--st-accent-quiet);
  }

  .list .thumbnail {
    width: 44px;
    height: 78px;
  }

  .list .facts {
    display: grid;
    align-content: center;
    gap: 3px;
    min-width: 0;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    min-width: 0;
    color: var(--st-text-muted);
    font-size: var(--st-size-small);
  }
`;

/** Returns the tasks as a grid of screens. */
export function gridTemplate(tasks: readonly ListedTask[], label: string, cells: TaskCells) {
  return html`<ul class="grid" aria-label=${label}>
    ${repeat(tasks, ({ task_id: id }) => id, (task, index) => screenTemplate(task, index, cells))}</ul>`;
}

/** Returns the tasks as cards, one below the other. */
export function cardsTemplate(tasks: readonly ListedTask[], label: string, cells: TaskCells) {
  return html`<ul class="list" aria-label=${label}>
    ${repeat(tasks, ({ task_id: id }) => id, (task, index) => cardTemplate(task, index, cells))}</ul>`;
}

function cardTemplate(task: ListedTask, index: number, cells: TaskCells) {
  const { t, format } = cells.context;
  const facts = [t.common.steps(task.total_steps, format.number(task.total_steps)), cells.duration(task), format.cost(task.cost)]
    .filter((fact) => fact !== null && fact !== '');
  return html`
    <li class="card ${cells.isSelected(task) ? 'selected' : ''}" data-task=${task.task_id}>
      ${cells.thumbnail(task, index)}
      <div class="facts">
        <div class="title">${cells.link(task)}</div>
        ${cells.note(task)}
        <div class="row"><st-outcome .t=${t} .task=${task}></st-outcome>
          <span class="number">${facts.join(' · ')}</span><span class="number">${format.age(task.started_at)}</span></div>
      </div>
      ${cells.checkbox(task)}
    </li>`;
}

function screenTemplate(task: ListedTask, index: number, cells: TaskCells) {
  const { t, format } = cells.context;
  return html`
    <li class="card ${cells.isSelected(task) ? 'selected' : ''}" data-task=${task.task_id}>
      ${cells.thumbnail(task, index)}
      <div class="title">${cells.link(task)}</div>
      <div class="row"><st-outcome .t=${t} .task=${task}></st-outcome><span class="number">${format.age(task.started_at)}</span></div>
      ${cells.checkbox(task)}
    </li>`;
}
