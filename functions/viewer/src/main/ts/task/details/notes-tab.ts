import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Note } from '../../api/types.ts';
import { Listen } from '../../components/listen.ts';
import { controls } from '../../styles/controls.ts';
import { FollowPlayback } from '../follow-playback.ts';
import type { TaskView } from '../task-view.ts';
import './long-text.ts';
import { panelStyles } from './panel-styles.ts';

const MAX_LENGTH = 10_000;

/** The notes on the task and on its steps. Users edit and delete their own. */
export class NotesTab extends LitElement {
  static override styles = [controls, panelStyles, css`
    form {
      display: grid;
      gap: 8px;
    }

    li {
      padding: 10px 0;
      border-top: 1px solid var(--st-border);
    }

    .head {
      display: flex;
      align-items: center;
      gap: 8px;
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
    }

    .head .space {
      flex: 1;
    }

    label {
      display: flex;
      align-items: center;
      gap: 6px;
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @state() private owner: string | null = null;
  @state() private edited: number | null = null;
  @query('form.new textarea') private readonly text!: HTMLTextAreaElement | null;

  constructor() {
    super();
    new Listen(this, () => this.view.model);
    new FollowPlayback(this, () => this.view.playback);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { api, isShared } = this.view.context;
    if (!isShared) {
      void api.caller().then(({ owner }) => {
        this.owner = owner;
      });
    }
  }

  focusInput(): void {
    this.text?.focus();
  }

  override render() {
    const { model: { report }, playback: { step }, context: { t, isShared } } = this.view;
    const tab = t.task.notesTab;
    const notes = [...report?.notes ?? []].reverse();
    return html`
      ${isShared ? nothing : html`
        <form class="new" @submit=${this.#add}>
          <textarea rows="3" maxlength=${MAX_LENGTH} placeholder=${tab.placeholder} aria-label=${tab.placeholder}></textarea>
          <div class="row">
            ${step === null ? nothing : html`<label><input type="checkbox" name="step" checked> ${tab.onStep(step.step_number)}</label>`}
            <button class="primary">${tab.add}</button>
          </div>
        </form>`}
      ${notes.length === 0 ? html`<p class="muted">${isShared ? tab.noneShared : tab.none}</p>` : html`<ul>${notes.map((note) => this.#note(note))}</ul>`}
    `;
  }

  #note(note: Note) {
    const { context, playback } = this.view;
    const { t, format } = context;
    const tab = t.task.notesTab;
    const stepNumber = note.step_number;
    const isOwn = note.author !== undefined && note.author === this.owner;
    return html`
      <li>
        <p class="head">
          <bdi>${note.author ?? ''}</bdi> <span>${format.time(note.created_at)}${note.edited_at === null ? '' : ` · ${tab.edited}`}</span>
          ${stepNumber === null ? nothing : html`<button class="plain small" @click=${() => { playback.seekNumber(stepNumber); }}>${tab.step(stepNumber)}</button>`}
          <span class="space"></span>
          ${isOwn && this.edited !== note.note_id ? html`
            <button class="plain small" @click=${() => { this.edited = note.note_id; }}>${t.common.edit}</button>
            <button class="plain small" @click=${() => this.#delete(note)}>${t.common.delete}</button>` : nothing}
        </p>
        ${this.edited === note.note_id
          ? html`<form @submit=${(event: SubmitEvent) => this.#save(event, note)}>
              <textarea rows="3" maxlength=${MAX_LENGTH} .value=${note.text} aria-label=${tab.text}></textarea>
              <div class="row"><button class="primary">${t.common.save}</button>
                <button type="button" @click=${() => { this.edited = null; }}>${t.common.cancel}</button></div></form>`
          : html`<st-long-text .context=${context} .text=${note.text}></st-long-text>`}
      </li>`;
  }

  readonly #add = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const text = this.text?.value.trim() ?? '';
    if (text !== '') {
      const stepNumber = new FormData(form).has('step') ? this.view.playback.step?.step_number ?? null : null;
      await this.view.context.api.addNote(this.view.model.taskId, text, stepNumber);
      form.reset();
      await this.view.model.refresh();
    }
  };

  async #save(event: SubmitEvent, note: Note): Promise<void> {
    event.preventDefault();
    const text = (event.target as HTMLFormElement).querySelector('textarea')?.value.trim() ?? '';
    if (text !== '') {
      await this.view.context.api.editNote(this.view.model.taskId, note.note_id, text);
      this.edited = null;
      await this.view.model.refresh();
    }
  }

  async #delete(note: Note): Promise<void> {
    await this.view.context.api.deleteNote(this.view.model.taskId, note.note_id);
    await this.view.model.refresh();
  }
}

customElements.define('st-notes-tab', NotesTab);
