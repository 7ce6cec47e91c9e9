import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import type { KeyActions } from '../../components/keyboard.ts';
import { Listen } from '../../components/listen.ts';
import { MEDIUM, Media } from '../../components/media.ts';
import '../../components/tabs.ts';
import { controls } from '../../styles/controls.ts';
import type { TaskView } from '../task-view.ts';
import { countFindings } from './findings-tab.ts';
import './json-tab.ts';
import './model-tab.ts';
import './notes-tab.ts';
import type { NotesTab } from './notes-tab.ts';
import '../step-list.ts';
import './step-tab.ts';
import './task-tab.ts';
import type { TaskTab } from './task-tab.ts';

/** On narrow windows, the list of steps is a tab, too. */
const TABS = ['steps', 'task', 'step', 'model', 'findings', 'notes', 'json'] as const;
type Tab = (typeof TABS)[number];

/** The panels beside the screen. Fires `tab` with the name of the tab that the user chose. */
export class TaskDetails extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      min-width: 0;
      min-height: 0;
      background: var(--st-surface);
    }

    st-step-list {
      height: 100%;
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  /** The tab that the address names; empty for the default. */
  @property() tab = '';

  readonly #hasStepInAddress = location.hash.includes('step=');
  readonly #medium = new Media(this, MEDIUM);

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
        requestAnimationFrame(() => { this.renderRoot.querySelector<TaskTab>('st-task-tab')?.focusTagInput(); });
      },
    };
  }

  override render() {
    const { context: { t }, model } = this.view;
    const active = this.#active();
    const counts: Partial<Record<Tab, number>> = { findings: countFindings(model.report), notes: model.report?.total_notes ?? 0 };
    const tabs = this.#tabs().map((name) => ({ name, label: t.task.tabs[name], count: counts[name] ?? 0 }));
    return html`
      <st-tabs .tabs=${tabs} active=${active} label=${t.task.details} @select=${(event: CustomEvent<string>) => { this.#show(event.detail); }}
        @show-step=${() => { this.#show('step'); }}>
        <h2 class="hidden-text">${t.task.tabs[active]}</h2>
        ${this.#panel(active)}
      </st-tabs>
    `;
  }

  #active(): Tab {
    const tabs = this.#tabs();
    return tabs.find((tab) => tab === this.tab) ?? (tabs[0] === 'steps' ? 'steps' : this.#hasStepInAddress ? 'step' : 'task');
  }

  #tabs(): readonly Tab[] {
    return this.#medium.matches && this.view.playback.steps.length > 0 ? TABS : TABS.filter((tab) => tab !== 'steps');
  }

  #panel(tab: Tab) {
    const { view } = this;
    switch (tab) {
      case 'steps': return html`<st-step-list .view=${view}></st-step-list>`;
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
}

customElements.define('st-details', TaskDetails);
