import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import type WaDropdownItem from '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { Report } from '../api/types.ts';
import { icon } from '../components/icons.ts';
import type { KeyActions } from '../components/keyboard.ts';
import { Listen } from '../components/listen.ts';
import { Media, NARROW } from '../components/media.ts';
import '../components/outcome.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import './export-dialog.ts';
import './judging/judgement-bar.ts';
import { JUDGEMENTS, type JudgementBar } from './judging/judgement-bar.ts';
import { compareWithLastSuccess } from './last-success.ts';
import { listAddress } from '../tasks/list-address.ts';
import './share-dialog.ts';
import type { TaskView } from './task-view.ts';

const MAX_TEXT = 400;

/** The instruction and the outcome of a task, and what the user can do with the task. */
export class TaskBar extends LitElement {
  static override styles = [controls, css`
    :host {
      display: flex;
      align-items: center;
      gap: var(--st-space-3);
      min-width: 0;
      height: 44px;
      padding: 0 var(--st-space-4);
      border-bottom: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .back {
      margin-left: -6px;
    }

    :host > :not(.heading, .space) {
      flex: none;
    }

    .heading {
      flex: 0 1 auto;
      min-width: 60px;
      line-height: 1.25;
    }

    h1 {
      font-size: 14px;
      line-height: inherit;
    }

    .space {
      flex: 1;
    }

    @media (width < 1100px) {
      .word {
        display: none;
      }
    }

    @media (width < 700px) {
      :host {
        gap: var(--st-space-2);
        padding: 0 var(--st-space-3);
      }
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @state() private openDialog: 'share' | 'export' | null = null;
  @query('st-judgement') private readonly judgement!: JudgementBar | null;
  readonly #narrow = new Media(this, NARROW);

  constructor() {
    super();
    new Listen(this, () => this.view.model);
  }

  /** The keys of the page that act on the task. */
  keys(): KeyActions {
    return this.judgement?.keys() ?? {};
  }

  override render() {
    const { context: { t, isShared }, model: { report } } = this.view;
    const bar = t.task.bar;
    const isNarrow = this.#narrow.matches;
    const instruction = report?.description ?? report?.name ?? '';
    return html`
      ${isShared ? nothing : html`<a class="button plain back icon" href=${listAddress(this.view.model.taskId)} title=${t.shell.allTasks} aria-label=${t.shell.allTasks}>${icon('back')}</a>`}
      <div class="heading">
        <h1 class="ellipsis" dir="auto" title=${truncate(instruction, MAX_TEXT)}>${truncate(instruction, MAX_TEXT) || (report ? t.common.untitled : nothing)}</h1>
        ${report === null ? nothing : this.#reason(report)}
      </div>
      ${report ? html`<st-outcome .t=${t} .task=${report}></st-outcome>` : nothing}
      ${report?.keep ? html`<span class="muted" title=${bar.kept}>${icon('keep', bar.kept)}</span>` : nothing}
      <span class="space"></span>
      ${isShared ? nothing : html`<st-judgement .view=${this.view} ?is-narrow=${isNarrow}></st-judgement>`}
      ${isShared || report === null ? nothing : html`
        ${isNarrow ? nothing : html`<button aria-label=${bar.share} title=${bar.share} @click=${this.#openShare}>${icon('share')}<span class="word">${bar.share}</span></button>`}`}
      ${isNarrow && !isShared ? nothing
        : html`<button aria-label=${bar.export} title=${bar.export} @click=${this.#openExport}>${icon('download')}<span class="word">${bar.export}</span></button>`}
      ${isShared || report === null ? nothing : html`
        <wa-dropdown placement="bottom-end" @wa-select=${this.#select}>
          <button slot="trigger" class="plain icon" aria-label=${t.common.more}>${icon('more')}</button>
          ${isNarrow ? html`
            ${JUDGEMENTS.map(({ value }) => html`
              <wa-dropdown-item type="checkbox" value=${value} ?checked=${report.verdict === value}>${t.common.verdict[value]}</wa-dropdown-item>`)}
            <wa-dropdown-item value="share">${bar.share}</wa-dropdown-item>
            <wa-dropdown-item value="export">${bar.export}</wa-dropdown-item>` : nothing}
          <wa-dropdown-item value="compare">${bar.compare}</wa-dropdown-item>
          <wa-dropdown-item value="keep">${report.keep ? bar.release : bar.keep}</wa-dropdown-item>
          <wa-dropdown-item value="copy">${bar.copyId}</wa-dropdown-item>
          <wa-dropdown-item value="delete" variant="danger">${bar.delete}</wa-dropdown-item>
        </wa-dropdown>
        <st-share-dialog .view=${this.view} .open=${this.openDialog === 'share'} @close=${this.#closeDialog}></st-share-dialog>`}
      <st-export-dialog .view=${this.view} .open=${this.openDialog === 'export'} @close=${this.#closeDialog}></st-export-dialog>
    `;
  }

  /** The reason of the verdict that decides the outcome. */
  #reason({ verdict_source: decisive, verdicts }: Report) {
    const reason = truncate(verdicts.find(({ name, source }) => name === 'success' && source === decisive)?.reason ?? '', MAX_TEXT);
    return reason === '' ? nothing : html`<p class="reason small muted ellipsis" dir="auto" title=${reason}>${reason}</p>`;
  }

  readonly #openShare = () => {
    this.openDialog = 'share';
  };

  readonly #openExport = () => {
    this.openDialog = 'export';
  };

  readonly #closeDialog = () => {
    this.openDialog = null;
  };

  readonly #select = async (event: CustomEvent<{ item: WaDropdownItem }>) => {
    const { context: { api, shell, t }, model } = this.view;
    switch (event.detail.item.value) {
      case 'pass':
      case 'fail':
      case 'unclear':
        await this.judgement?.judge(event.detail.item.value);
        break;
      case 'share':
        this.openDialog = 'share';
        break;
      case 'export':
        this.openDialog = 'export';
        break;
      case 'compare':
        await compareWithLastSuccess(this.view);
        break;
      case 'keep':
        await api.setKeep(model.taskId, !(model.report?.keep ?? false));
        await model.refresh();
        break;
      case 'copy':
        await navigator.clipboard.writeText(model.taskId).then(
          () => { shell.toast(t.common.copied); }, () => { shell.toast(model.taskId); });
        break;
      case 'delete':
        if (await shell.confirm({ title: t.task.bar.deleteTitle, text: t.task.bar.deleteText, action: t.common.delete, danger: true })) {
          await api.deleteTask(model.taskId);
          location.assign(listAddress(this.view.model.taskId));
        }
        break;
    }
  };
}

customElements.define('st-task-bar', TaskBar);
