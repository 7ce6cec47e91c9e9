import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import '../components/dialog.ts';
import { icon } from '../components/icons.ts';
import { controls } from '../styles/controls.ts';
import { FORMATS, exportTask, type ExportFormat } from './task-exporter.ts';
import type { TaskView } from './task-view.ts';

/** Offers the formats in which a task can be saved. */
export class ExportDialog extends LitElement {
  static override styles = [controls, css`
    ul {
      display: grid;
      gap: 4px;
      margin: 0 -8px;
    }

    li button {
      display: grid;
      grid-template-columns: auto 1fr;
      justify-items: start;
      gap: 0 10px;
      width: 100%;
      height: auto;
      padding: 8px;
      border-color: transparent;
      text-align: left;
      white-space: normal;
    }

    .name {
      font-weight: 600;
    }

    .about {
      grid-column: 2;
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
      font-weight: 400;
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @property({ type: Boolean }) open = false;
  @state() private status = '';
  @state() private isBusy = false;

  override render() {
    const { t, isShared } = this.view.context;
    const formats = FORMATS.filter((format) => format !== 'zip' || !isShared);
    return html`
      <st-dialog .t=${t} label=${t.task.export.title} .open=${this.open} @close=${() => { this.dispatchEvent(new Event('close')); }}>
        <ul>${formats.map((format) => html`
          <li><button data-format=${format} ?disabled=${this.isBusy} @click=${() => this.#export(format)}>
            ${icon('download')}<span class="name">${t.task.export.names[format]}</span><span class="about">${t.task.export.about[format]}</span>
          </button></li>`)}</ul>
        <p class="muted" role="status">${this.status || nothing}</p>
      </st-dialog>
    `;
  }

  async #export(format: ExportFormat): Promise<void> {
    const { t, shell } = this.view.context;
    const texts = t.task.export;
    this.isBusy = true;
    this.status = texts.making(texts.names[format]);
    try {
      const isSaved = await exportTask(this.view, format, (loaded, total) => { this.status = texts.loading(loaded, total); });
      this.status = isSaved ? texts.done(texts.names[format]) : texts.noScreenshots;
    } catch (error) {
      this.status = '';
      this.dispatchEvent(new Event('close'));
      shell.showError(error);
    } finally {
      this.isBusy = false;
    }
  }
}

customElements.define('st-export-dialog', ExportDialog);
