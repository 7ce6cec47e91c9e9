import { css, html, nothing, type TemplateResult } from 'lit';
import type { AppContext } from '../app-context.ts';
import type { ListedTask } from '../api/types.ts';
import { icon } from '../components/icons.ts';
import { truncate } from '../i18n/truncate.ts';
import { durationOf, instructionOf, noteOf } from './task-facts.ts';
import { thumbnail, thumbnailStyles } from './thumbnail.ts';

const MAX_INSTRUCTION = 300;
const MAX_NOTE = 200;
const MAX_LABEL = 80;
/** Images that are visible without scrolling on common screens load at once. */
const EAGER_ROWS = 12;

/** Styles of {@link TaskCells}. */
export const cellStyles = [thumbnailStyles, css`
  .second {
    color: var(--st-text-muted);
    font-size: var(--st-size-small);
  }

  .error,
  .failed {
    color: var(--st-failure);
  }

  .error .icon {
    width: 12px;
    height: 12px;
    vertical-align: -1.5px;
  }

  /* The whole row opens the task, except for its controls. */
  .link {
    color: inherit;
    font-weight: 500;
  }

  .link:hover {
    text-decoration: none;
  }

  .link::after {
    content: '';
    position: absolute;
    z-index: 1;
    inset: 0;
  }

  .link:focus-visible {
    outline: none;
  }

  .link:focus-visible::after {
    outline: 2px solid var(--st-accent);
    outline-offset: -2px;
    border-radius: var(--st-radius);
  }

  .check {
    position: relative;
    z-index: 2;
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    cursor: pointer;
  }
`];

export interface Toggle {
  readonly task: ListedTask;
  readonly isSelected: boolean;
  /** Whether all tasks from the one before change, too. */
  readonly isRange: boolean;
}

/** What rows and cards of tasks have in common. */
export class TaskCells {
  readonly context: AppContext;
  readonly #selected: ReadonlySet<string>;
  readonly #onToggle: (toggle: Toggle) => void;
  readonly #onThumbnailError: () => void;

  constructor(context: AppContext, selected: ReadonlySet<string>, onToggle: (toggle: Toggle) => void, onThumbnailError: () => void) {
    this.context = context;
    this.#selected = selected;
    this.#onToggle = onToggle;
    this.#onThumbnailError = onThumbnailError;
  }

  isSelected(task: ListedTask): boolean {
    return this.#selected.has(task.task_id);
  }

  /** The instruction as a link to the task. */
  link(task: ListedTask): TemplateResult {
    const instruction = instructionOf(task);
    return html`<a class="link" href="/tasks/${task.task_id}" dir="auto" title=${truncate(instruction, MAX_INSTRUCTION) || nothing}>${
      truncate(instruction, MAX_INSTRUCTION) || this.context.t.common.untitled}</a>`;
  }

  /** The error of the failing step, or the final message. */
  note(task: ListedTask) {
    const note = noteOf(task);
    if (note === null) {
      return nothing;
    }
    if (note.kind === 'message') {
      return html`<div class="second ellipsis" dir="auto">${truncate(note.text, MAX_NOTE)}</div>`;
    }
    const text = truncate(note.text ?? '', MAX_NOTE);
    const { stepFailed } = this.context.t.tasks;
    return note.isLast
      ? html`<div class="second error ellipsis" dir="auto">${icon('cross')} ${text || stepFailed(note.step)}</div>`
      : html`<div class="second ellipsis" dir="auto">${stepFailed(note.step)}${text && `: ${text}`}</div>`;
  }

  duration(task: ListedTask): string {
    const duration = durationOf(task);
    return duration === null ? '' : this.context.format.duration(duration);
  }

  thumbnail(task: ListedTask, index: number) {
    return thumbnail(task, this.context.t, index >= EAGER_ROWS, this.#onThumbnailError);
  }

  checkbox(task: ListedTask) {
    const instruction = truncate(instructionOf(task), MAX_LABEL) || this.context.t.common.untitled;
    return html`<label class="check"><input type="checkbox" .checked=${this.isSelected(task)}
      aria-label=${this.context.t.tasks.select(instruction)} @click=${(event: MouseEvent) => { this.#onCheck(event, task); }}></label>`;
  }

  #onCheck(event: MouseEvent, task: ListedTask): void {
    const { checked } = event.target as HTMLInputElement;
    this.#onToggle({ task, isSelected: checked, isRange: event.shiftKey });
  }
}
