import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../components/dialog.ts';
import type { Texts } from '../i18n/en.ts';
import { controls } from '../styles/controls.ts';

/** The keys of the page, by the name of their text. */
const KEYS = [
  ['play', 'Space, K'],
  ['step', '← →, J L'],
  ['failure', 'E, Shift+E'],
  ['view', 'B'],
  ['speed', '[ ]'],
  ['fullScreen', 'Shift+F'],
  ['search', '/'],
  ['verdict', 'P, F, U'],
  ['tag', 'T'],
  ['note', 'N'],
  ['help', '?'],
] as const;
/** Keys that change the task, which a user with a share link cannot. */
const JUDGING: readonly string[] = ['verdict', 'tag', 'note'];

/** Lists the keys of the page of a task. */
@customElement('st-help-dialog')
export class HelpDialog extends LitElement {
  static override styles = [controls, css`
    dl {
      display: grid;
      grid-template-columns: auto 1fr;
      gap: 8px 20px;
      align-items: center;
    }
  `];

  @property({ attribute: false }) t!: Texts;
  @property({ type: Boolean }) open = false;
  @property({ type: Boolean }) isShared = false;

  override render() {
    const { keys, keysTitle } = this.t.task;
    return html`
      <st-dialog .t=${this.t} label=${keysTitle} .open=${this.open} @close=${() => { this.dispatchEvent(new Event('close')); }}>
        <dl>${KEYS.filter(([name]) => !this.isShared || !JUDGING.includes(name)).map(([name, key]) => html`
          <dt>${key.split(', ').map((each) => html`<kbd>${each}</kbd> `)}</dt><dd>${keys[name]}</dd>`)}</dl>
      </st-dialog>
    `;
  }
}
