import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import type { ListedTask } from '../api/types.ts';
import '../components/dialog.ts';
import { icon } from '../components/icons.ts';
import { controls } from '../styles/controls.ts';

const MAX_TAG = 50;

/**
 * What the user can do with the selected tasks. Fires `clear` to end the selection, and `done` when tasks were changed or deleted, which
 * also ends it.
 */
export class SelectionBar extends LitElement {
  static override styles = [controls, css`
    :host {
      position: sticky;
      z-index: 5;
      bottom: 0;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px;
      padding: 8px var(--st-space-4);
      border-top: 1px solid var(--st-border);
      background: var(--st-surface-raised);
    }

    .count {
      flex: 1;
      font-weight: 600;
      white-space: nowrap;
    }

    form {
      display: flex;
      gap: 6px;
    }

    form input {
      flex: 1;
    }

    @media (width < 700px) {
      .count {
        flex: 1 0 100%;
      }

      button {
        flex: 1;
        padding: 0 6px;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property({ attribute: false }) tasks: readonly ListedTask[] = [];
  @state() private isTagging = false;
  /** What is being done; empty if nothing is. */
  @state() private progress = '';
  @query('input') private readonly input!: HTMLInputElement | null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'group';
    this.ariaLabel = this.context.t.tasks.actions.bar;
  }

  override render() {
    const { context: { t, format }, tasks, progress } = this;
    const texts = t.tasks.actions;
    const isBusy = progress !== '';
    const [first, second] = byAge(tasks);
    const count = tasks.length;
    return html`
      <span class="count number" role="status">${progress || t.tasks.selected(count, format.number(count))}</span>
      ${count === 2 && first && second
        ? html`<a class="button primary" href="/compare?a=${first.task_id}&amp;b=${second.task_id}">${icon('compare')}${texts.compare}</a>`
        : html`<button disabled title=${texts.compareHint}>${icon('compare')}${texts.compare}</button>`}
      <button ?disabled=${isBusy} @click=${() => { this.isTagging = true; }}>${icon('tag')}${texts.tag}</button>
      <button ?disabled=${isBusy} title=${texts.keepHint} @click=${() => this.#run(this.#keep)}>${icon('keep')}${texts.keep}</button>
      <button ?disabled=${isBusy} title=${texts.exportHint} @click=${() => this.#run(this.#export)}>${icon('download')}${texts.export}</button>
      <button class="danger" ?disabled=${isBusy} @click=${() => this.#run(this.#delete)}>${icon('trash')}${texts.delete}</button>
      <button class="plain icon" ?disabled=${isBusy} title=${texts.clear} aria-label=${texts.clear}
        @click=${() => { this.dispatchEvent(new Event('clear')); }}>${icon('close')}</button>
      <st-dialog .t=${t} label=${texts.tagTitle(count, format.number(count))} .open=${this.isTagging} @close=${() => { this.isTagging = false; }}>
        ${this.isTagging ? html`
          <form @submit=${this.#submitTag}>
            <input type="text" required maxlength=${MAX_TAG} placeholder=${t.tasks.filters.tag} aria-label=${t.tasks.filters.tag}>
            <button class="primary">${texts.addTag}</button>
          </form>` : nothing}
      </st-dialog>
    `;
  }

  override updated(): void {
    if (this.isTagging) {
      this.input?.focus();
    }
  }

  async #run(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.context.shell.showError(error);
    } finally {
      this.progress = '';
    }
  }

  readonly #submitTag = async (event: Event) => {
    event.preventDefault();
    const tag = this.input?.value.trim() ?? '';
    this.isTagging = false;
    if (tag !== '') {
      await this.#run(() => this.#tag(tag));
    }
  };

  /** Undo removes the tag only from the tasks that did not have it. */
  async #tag(tag: string): Promise<void> {
    const { context: { api, shell, t: { tasks: { actions: texts } }, format }, tasks } = this;
    const without = tasks.filter(({ tags }) => !tags.includes(tag)).map(({ task_id: id }) => id);
    this.progress = this.context.t.common.saving;
    const { matched, refused } = await api.changeTags(tasks.map(({ task_id: id }) => id), { add: [tag] });
    const text = [texts.tagged(tag, matched, format.number(matched)), ...(refused > 0 ? [texts.tagRefused(refused, format.number(refused))] : [])].join(' ');
    shell.toast(text, () => void this.#run(async () => {
      await api.changeTags(without, { remove: [tag] });
      this.#done();
    }));
    this.#done();
  }

  readonly #keep = async () => {
    const { context: { api, shell, t, format }, tasks } = this;
    this.progress = t.common.saving;
    try {
      for (const { task_id: id } of tasks.filter(({ keep }) => !keep)) {
        await api.setKeep(id, true);
      }
      shell.toast(t.tasks.actions.kept(tasks.length, format.number(tasks.length)));
    } finally {
      this.#done(); // after an error, some tasks are kept
    }
  };

  readonly #export = async () => {
    const { context: { api, shell, t, format, language }, tasks } = this;
    for (const [index, { task_id: id }] of tasks.entries()) {
      this.progress = t.tasks.actions.exporting(index + 1, tasks.length);
      location.assign(await api.exportUrl(`/api/tasks/${id}/export?lang=${language}&redirect=false`)); // sent as an attachment
    }
    shell.toast(t.tasks.actions.exported(tasks.length, format.number(tasks.length)));
    this.#done();
  };

  readonly #delete = async () => {
    const { context: { api, shell, t, format }, tasks } = this;
    const texts = t.tasks.actions;
    const count = tasks.length;
    const title = texts.deleteTitle(count, format.number(count));
    if (!await shell.confirm({ title, text: texts.deleteText, action: t.common.delete, danger: true })) {
      return;
    }
    try {
      for (const [index, { task_id: id }] of tasks.entries()) {
        this.progress = texts.deleting(index + 1, count);
        await api.deleteTask(id);
      }
      shell.toast(texts.deleted(count, format.number(count)));
    } finally {
      this.#done(); // after an error, some tasks are deleted
    }
  };

  #done(): void {
    this.dispatchEvent(new Event('done'));
  }
}

/** Returns the tasks with the oldest first, as a comparison shows them. */
function byAge(tasks: readonly ListedTask[]): ListedTask[] {
  return tasks.toSorted((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
}

customElements.define('st-selection-bar', SelectionBar);
