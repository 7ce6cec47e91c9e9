import { LitElement, css } from 'lit';
import { property } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import type { ListedTask } from '../api/types.ts';
import { Media, NARROW } from '../components/media.ts';
import { controls } from '../styles/controls.ts';
import { cardsTemplate, cardStyles, gridTemplate } from './cards.ts';
import { tableStyles, tableTemplate } from './table-rows.ts';
import { TaskCells, cellStyles, type Toggle } from './task-cells.ts';

/**
 * Tasks as the rows of a table, as a grid of screens, or on narrow windows as cards. Fires `toggle` when the user selects a task, and
 * `thumbnail-error` if an image cannot be loaded, for example because its URL expired.
 */
export class TaskTable extends LitElement {
  static override styles = [controls, cellStyles, tableStyles, cardStyles, css`
    :host {
      display: block;
      min-width: 0;
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property({ attribute: false }) tasks: readonly ListedTask[] = [];
  @property({ attribute: false }) selected: ReadonlySet<string> = new Set();
  @property({ type: Boolean, attribute: 'is-grid' }) isGrid = false;
  @property() label = '';
  readonly #narrow = new Media(this, NARROW);

  /** Returns the links to the tasks, in the order of the rows. */
  links(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('a')];
  }

  override render() {
    const template = this.isGrid ? gridTemplate : this.#narrow.matches ? cardsTemplate : tableTemplate;
    return template(this.tasks, this.label, new TaskCells(this.context, this.selected, this.#onToggle, this.#onThumbnailError));
  }

  readonly #onToggle = (detail: Toggle) => {
    this.dispatchEvent(new CustomEvent('toggle', { detail }));
  };

  readonly #onThumbnailError = () => {
    this.dispatchEvent(new Event('thumbnail-error'));
  };
}

customElements.define('st-task-table', TaskTable);
