import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import '../../components/copy-button.ts';
import { controls } from '../../styles/controls.ts';
import { FollowPlayback } from '../follow-playback.ts';
import type { TaskView } from '../task-view.ts';
import './long-text.ts';
import { panelStyles } from './panel-styles.ts';

/** The current step as the API returns it. */
export class JsonTab extends LitElement {
  static override styles = [controls, panelStyles, css`
    .head {
      display: flex;
      align-items: center;
      justify-content: space-between;
    }
  `];

  @property({ attribute: false }) view!: TaskView;

  constructor() {
    super();
    new FollowPlayback(this, () => this.view.playback);
  }

  override render() {
    const { playback: { step }, context } = this.view;
    const { t } = context;
    if (step === null) {
      return html`<p class="muted">${t.task.noSteps}</p>`;
    }
    const json = JSON.stringify(step, null, 2);
    return html`
      <p class="head"><span class="muted">${t.task.notesTab.step(step.step_number)}</span>
        <st-copy-button .t=${t} .text=${json} @copy-failed=${() => { context.shell.toast(t.common.copyFailed); }}></st-copy-button></p>
      <st-long-text code .context=${context} .text=${json}></st-long-text>
    `;
  }
}

customElements.define('st-json-tab', JsonTab);
