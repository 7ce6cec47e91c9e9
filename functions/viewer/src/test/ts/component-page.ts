/** Shows every generic component in its states. `?theme=dark` and `?lang=zh` choose theme and language. */
import '../../main/ts/components/web-awesome.ts';
import '../../main/ts/styles/app.css';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import { LitElement, css, html, type TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import '../../main/ts/components/command.ts';
import '../../main/ts/components/confirm-dialog.ts';
import type { ConfirmDialog } from '../../main/ts/components/confirm-dialog.ts';
import '../../main/ts/components/copy-button.ts';
import '../../main/ts/components/dialog.ts';
import type { Dialog } from '../../main/ts/components/dialog.ts';
import '../../main/ts/components/empty-state.ts';
import { ICON_NAMES, icon } from '../../main/ts/components/icons.ts';
import '../../main/ts/components/outcome.ts';
import type { TaskOutcome } from '../../main/ts/components/outcome-of.ts';
import '../../main/ts/components/tabs.ts';
import '../../main/ts/components/toast.ts';
import type { Toast } from '../../main/ts/components/toast.ts';
import { en } from '../../main/ts/i18n/en.ts';
import { zh } from '../../main/ts/i18n/zh.ts';
import { controls } from '../../main/ts/styles/controls.ts';
import '../../main/ts/task/details/chip-list.ts';
import '../../main/ts/task/details/long-text.ts';
import '../../main/ts/task/judging/verdict-bar.ts';

const parameters = new URLSearchParams(location.search);
const t = parameters.get('lang') === 'zh' ? zh : en;
document.documentElement.lang = parameters.get('lang') ?? 'en';
document.documentElement.dataset['theme'] = parameters.get('theme') ?? 'light';

const OUTCOMES: readonly TaskOutcome[] = [
  { status: 'succeeded', verdict: null, claimed_success: true, success: true },
  { status: 'failed', verdict: null, claimed_success: false, success: false },
  { status: 'succeeded', verdict: 'pass', claimed_success: true, success: true },
  { status: 'succeeded', verdict: 'fail', claimed_success: true, success: false },
  { status: 'succeeded', verdict: 'unclear', claimed_success: true, success: null },
  { status: 'running', verdict: null, claimed_success: null, success: null },
  { status: 'cancelled', verdict: null, claimed_success: null, success: null },
  { status: 'abandoned', verdict: null, claimed_success: null, success: null },
  { status: 'archived', verdict: null, claimed_success: null, success: null },
];

export class ComponentPage extends LitElement {
  static override styles = [controls, css`
    :host {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 20px 40px;
      padding: 24px;
      background: var(--st-surface);
    }

    h1 {
      grid-column: 1 / -1;
    }

    h2 {
      margin-bottom: 8px;
    }

    .row {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px;
    }

    .icons {
      display: grid;
      grid-template-columns: repeat(auto-fill, 120px);
      gap: 8px;
    }

    .icons span {
      display: flex;
      gap: 6px;
      align-items: center;
    }

    st-tabs {
      height: 110px;
      border: 1px solid var(--st-border);
    }

    .panel {
      padding: 12px;
    }
  `];

  @query('st-dialog') private readonly dialog!: Dialog;
  @query('st-confirm-dialog') private readonly confirmDialog!: ConfirmDialog;
  @query('st-toast') private readonly toast!: Toast;

  override render() {
    return html`
      <h1>Components</h1>
      ${section('Buttons', html`
        <div class="row">
          <button>Button</button><button class="primary">Primary</button><button class="danger">Danger</button>
          <button class="plain">Plain</button><button class="icon" aria-label="Search">${icon('search')}</button>
          <button aria-pressed="true">Pressed</button><button disabled>Disabled</button><a class="button" href="#link">Link</a>
        </div>`)}
      ${section('Fields', html`
        <div class="row">
          <input type="text" aria-label="Text" placeholder="Text"> <input type="search" aria-label="Search" placeholder="Search">
          <select aria-label="Choice"><option>One</option><option>Two</option></select>
          <label class="row"><input type="checkbox" checked> Checkbox</label>
        </div>`)}
      ${section('Outcomes', html`<div class="row">${OUTCOMES.map((task) => html`<st-outcome .t=${t} .task=${task}></st-outcome>`)}</div>`)}
      ${section('Tabs', html`
        <st-tabs label="Example" active="steps" .tabs=${[{ name: 'steps', label: 'Steps' }, { name: 'notes', label: 'Notes', count: 3 }]}>
          <p class="panel">Panel</p></st-tabs>`)}
      ${section('Command', html`<st-command .t=${t} text="steptrail status"></st-command>`)}
      ${section('Chips', html`
        <st-chip-list .t=${t} .items=${['smoke', 'good']} .suggestions=${[{ value: 'bad', text: 'Bad' }]} addLabel="Add"></st-chip-list>`)}
      ${section('Menu', html`
        <wa-dropdown><button slot="trigger">${icon('more')} Menu</button>
          <wa-dropdown-item type="checkbox" checked>Checked</wa-dropdown-item><wa-dropdown-item variant="danger">Delete</wa-dropdown-item>
        </wa-dropdown>`)}
      ${section('Dialogs and messages', html`
        <div class="row">
          <button id="dialog" @click=${() => { this.dialog.open = true; }}>Dialog</button>
          <button id="confirm" @click=${this.#confirm}>Confirmation</button>
          <button id="toast" @click=${() => { this.toast.show('Message', () => undefined); }}>Message</button>
          <kbd>Esc</kbd>
        </div>`)}
      ${section('Empty state', html`<st-empty-state headline="Nothing here" text="What to do about it."><button>Action</button></st-empty-state>`)}
      ${section('Text', html`<p>Text <span class="muted">muted</span> <span class="small">small</span> <code>code</code> <a href="#link">link</a></p>`)}
      ${section('Icons', html`<div class="icons">${ICON_NAMES.map((name) => html`<span>${icon(name)} ${name}</span>`)}</div>`)}
      <st-dialog .t=${t} label="Dialog"><p>Content</p><button slot="footer" class="primary">Action</button></st-dialog>
      <st-confirm-dialog .t=${t}></st-confirm-dialog>
      <st-toast .t=${t}></st-toast>
    `;
  }

  readonly #confirm = async () => {
    await this.confirmDialog.ask({ title: 'Delete?', text: 'This cannot be undone.', action: 'Delete', danger: true });
  };
}

function section(title: string, content: TemplateResult): TemplateResult {
  return html`<section><h2>${title}</h2>${content}</section>`;
}

document.body.append(document.createElement('component-page'));

customElements.define('component-page', ComponentPage);
