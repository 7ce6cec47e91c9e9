import '@awesome.me/webawesome/dist/components/tab-group/tab-group.js';
import '@awesome.me/webawesome/dist/components/tab/tab.js';
import '@awesome.me/webawesome/dist/components/tab-panel/tab-panel.js';
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Listen } from '../../components/listen.ts';
import { controls } from '../../styles/controls.ts';
import type { KeyActions } from '../keyboard.ts';
import type { TaskView } from '../task-view.ts';
import { countFindings } from './findings-tab.ts';
import './json-tab.ts';
import './model-tab.ts';
import './notes-tab.ts';
import type { NotesTab } from './notes-tab.ts';
import './step-tab.ts';
import './task-tab.ts';

const TABS = ['task', 'step', 'model', 'findings', 'notes', 'json'] as const;
type Tab = (typeof TABS)[number];

/** The panels beside the screen. Fires `tab` with the name of the tab that the user chose. */
@customElement('st-details')
export class TaskDetails extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      min-width: 0;
      min-height: 0;
      background: var(--st-surface);
    }

    wa-tab-group {
      --track-width: 1px;
      --indicator-color: var(--st-accent);
      --track-color: var(--st-border);
      display: grid;
      min-height: 0;
    }

    wa-tab-group::part(base) {
      display: grid;
      grid-template-rows: auto minmax(0, 1fr);
      min-height: 0;
    }

    wa-tab-group::part(body) {
      overflow: hidden auto;
      min-height: 0;
    }

    wa-tab {
      font-size: var(--st-size);
    }

    wa-tab::part(base) {
      padding: 9px 11px;
    }

    wa-tab-panel {
      --padding: 0;
    }

    .count {
      margin-left: 5px;
      padding: 0 5px;
      border-radius: 8px;
      background: var(--st-surface-2);
      color: var(--st-text-muted);
      font-size: var(--st-size-caption);
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  /** The tab that the address names; empty for the default. */
  @property() tab = '';

  constructor() {
    super();
    new Listen(this, () => this.view.model);
  }

  /** The keys of the page that act on the details. */
  keys(): KeyActions {
    return this.view.context.isShared ? {} : {
      N: () => {
        this.#show('notes');
        requestAnimationFrame(() => { this.renderRoot.querySelector<NotesTab>('st-notes-tab')?.focusInput(); });
      },
      T: () => {
        this.#show('task');
      },
    };
  }

  override render() {
    const { context: { t }, model } = this.view;
    const active = this.#active();
    const counts: Partial<Record<Tab, number>> = { findings: countFindings(model.report), notes: model.report?.total_notes ?? 0 };
    return html`
      <wa-tab-group active=${active} without-scroll-controls @wa-tab-show=${this.#onShow} aria-label=${t.task.details}>
        ${TABS.map((tab) => html`
          <wa-tab panel=${tab}>${t.task.tabs[tab]}${(counts[tab] ?? 0) > 0 ? html`<span class="count">${counts[tab]}</span>` : nothing}</wa-tab>`)}
        ${TABS.map((tab) => html`<wa-tab-panel name=${tab}>${tab === active ? this.#panel(tab) : nothing}</wa-tab-panel>`)}
      </wa-tab-group>
    `;
  }

  #active(): Tab {
    return TABS.find((tab) => tab === this.tab) ?? (location.hash.includes('step=') ? 'step' : 'task');
  }

  #panel(tab: Tab) {
    const { view } = this;
    switch (tab) {
      case 'task': return html`<st-task-tab .view=${view}></st-task-tab>`;
      case 'step': return html`<st-step-tab .view=${view}></st-step-tab>`;
      case 'model': return html`<st-model-tab .view=${view}></st-model-tab>`;
      case 'findings': return html`<st-findings-tab .view=${view}></st-findings-tab>`;
      case 'notes': return html`<st-notes-tab .view=${view}></st-notes-tab>`;
      case 'json': return html`<st-json-tab .view=${view}></st-json-tab>`;
    }
  }

  #show(tab: string): void {
    this.tab = tab;
    this.dispatchEvent(new CustomEvent('tab', { detail: tab }));
  }

  readonly #onShow = (event: CustomEvent<{ name: string }>) => {
    this.#show(event.detail.name);
  };
}
