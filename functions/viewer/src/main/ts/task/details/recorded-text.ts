import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { TooLargeError, readGzipJson } from '../../api/gzip-json.ts';
import { receive } from '../../api/http.ts';
import { Problem } from '../../api/problem.ts';
import type { AttachedField, AttachedTaskField, Attachment } from '../../api/types.ts';
import type { AppContext } from '../../app-context.ts';
import { controls } from '../../styles/controls.ts';
import './long-text.ts';

const MAX_BYTES = 8_000_000;

/** Returns the JSON value of an attachment; if it is too large, a text that says where it is. */
export async function readAttachment({ api, t }: AppContext, { url }: Attachment): Promise<unknown> {
  const response = await api.download(url);
  if (!response.ok || response.body === null) {
    throw await Problem.of(response);
  }
  const { body } = response;
  try {
    return await receive(() => readGzipJson(body, MAX_BYTES));
  } catch (error) {
    if (!(error instanceof Problem && error.cause instanceof TooLargeError)) {
      throw error;
    }
    return t.task.modelTab.tooLarge;
  }
}

/** A text of a step or a task. If the response contains only its beginning, or nothing, the user can load all of it. */
export class RecordedText extends LitElement {
  static override styles = controls;

  @property({ attribute: false }) context!: AppContext;
  /** What the response contains. */
  @property() text: string | null = null;
  /** The id of the step or the task. */
  @property() source = '';
  @property() field = '';
  /** The size of the complete value in bytes; null if the text is complete. */
  @property({ attribute: false }) bytes: number | null = null;
  @state() private loaded: { key: string; text: string } | null = null;

  override render() {
    const { context, context: { t, format } } = this;
    const loaded = this.loaded?.key === this.#key ? this.loaded.text : null;
    const text = loaded ?? this.text ?? '';
    return html`
      ${text === '' ? nothing : html`<st-long-text .context=${context} .text=${text}></st-long-text>`}
      ${this.bytes === null || loaded !== null ? nothing : html`
        <p class="muted small">${t.task.stepTab.incomplete(format.number(this.bytes))}
          <button class="plain small" @click=${this.#load}>${t.task.modelTab.load}</button></p>`}
    `;
  }

  get #key(): string {
    return `${this.source} ${this.field}`;
  }

  readonly #load = async () => {
    const { source, field, context, context: { api } } = this;
    const key = this.#key;
    const attachment = source.includes('.') ? await api.attachment(source, field as AttachedField)
      : await api.taskAttachment(source, field as AttachedTaskField);
    const value = await readAttachment(context, attachment);
    this.loaded = { key, text: typeof value === 'string' ? value : JSON.stringify(value, null, 2) };
  };
}

customElements.define('st-recorded-text', RecordedText);
