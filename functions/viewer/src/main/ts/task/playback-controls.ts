import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { icon } from '../components/icons.ts';
import { Listen } from '../components/listen.ts';
import { controls } from '../styles/controls.ts';
import { truncate } from '../i18n/truncate.ts';
import { describeStep } from './action-text.ts';
import { FollowPlayback } from './follow-playback.ts';
import { moveButton, playButton, playButtonStyles } from './playback-buttons.ts';
import { DIFFERENCE, SPEEDS } from './playback.ts';
import { viewName } from './stage/screenshot-names.ts';
import { screenshotsOf, viewOf } from './steps.ts';
import type { TaskView } from './task-view.ts';

const MAX_TEXT = 120;

/** The controls of the playback, in one row. Fires `marks` and `full-screen`. */
export class PlaybackControls extends LitElement {
  static override styles = [controls, playButtonStyles, css`
    :host {
      display: grid;
      gap: 6px;
      padding: 6px 8px 8px;
      border-top: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .row {
      display: flex;
      align-items: center;
      justify-content: center;
      flex-wrap: wrap;
      gap: 2px;
    }

    .row button {
      --st-control: 28px;
    }

    .position {
      min-width: 58px;
      padding: 0 2px;
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
      text-align: center;
    }

    .segments button {
      height: 26px;
      padding: 0 9px;
      font-size: var(--st-size-small);
    }

    select {
      height: 26px;
      padding: 0 2px;
      border-color: var(--st-border);
      font-size: var(--st-size-small);
    }
  `];

  @property({ attribute: false }) view!: TaskView;
  @property({ type: Boolean }) marks = true;

  constructor() {
    super();
    new FollowPlayback(this, () => this.view.playback);
    new Listen(this, () => this.view.model);
  }

  override render() {
    const { playback, model, context: { t: { task: t }, format } } = this.view;
    const { steps, step, index } = playback;
    const views = step ? screenshotsOf(step) : [];
    const position = t.controls.position(format.number(index + 1), format.number(steps.length));
    return html`
      <div class="row">
        <span class="segments" role="group" aria-label=${t.views.label}>
          ${views.map((screenshot) => this.#viewButton(viewOf(screenshot), viewName(screenshot, t)))}
          ${this.#viewButton(DIFFERENCE, t.views.difference)}
        </span>
        <button class="plain" aria-pressed=${this.marks ? 'true' : 'false'} title=${t.controls.marks} aria-label=${t.controls.marks}
          @click=${() => { this.dispatchEvent(new Event('marks')); }}>${icon('tap')}</button>
        <select aria-label=${t.controls.speed} title="${t.controls.speed} ([ ])" @change=${this.#onSpeed}>
          ${SPEEDS.map((speed) => html`<option value=${speed} .selected=${speed === playback.speed}>${speed}×</option>`)}
        </select>
        ${document.fullscreenEnabled ? html`<button class="plain icon" title="${t.controls.fullScreen} (Shift+F)" aria-label=${t.controls.fullScreen}
          @click=${() => { this.dispatchEvent(new Event('full-screen')); }}>${icon('fullScreen')}</button>` : nothing}
      </div>
      <div class="row" role="group" aria-label=${t.playback}>
        ${moveButton('first', t.controls.first, null, playback.isFirst, () => { playback.seek(0); })}
        ${moveButton('previousFailure', t.controls.previousFailure, 'Shift+E', false, () => { this.#seekFailure(-1); })}
        ${moveButton('previous', t.controls.previous, '←', playback.isFirst, () => { playback.seekBy(-1); })}
        ${playButton(playback, steps.length === 0, t)}
        ${moveButton('next', t.controls.next, '→', playback.isLast, () => { playback.seekBy(1); })}
        ${moveButton('nextFailure', t.controls.nextFailure, 'E', false, () => { this.#seekFailure(1); })}
        ${moveButton('last', t.controls.last, null, playback.isLast, () => { playback.seek(steps.length - 1); })}
        <span class="position number">${position}</span>
        <span class="hidden-text" role="status">${step === null ? nothing : t.stepLabel(step.step_number, truncate(describeStep(step, t), MAX_TEXT))}</span>
        ${model.isRunning || playback.isFollowing
          ? html`<button aria-pressed=${playback.isFollowing ? 'true' : 'false'} title=${t.controls.followHint}
              @click=${() => { playback.follow(!playback.isFollowing); }}>${t.controls.follow}</button>`
          : nothing}
      </div>
    `;
  }

  #viewButton(view: string, name: string) {
    const { playback } = this.view;
    return html`<button aria-pressed=${view === playback.view ? 'true' : 'false'} title="${name} (B)"
      @click=${() => { playback.setView(view); }}>${name}</button>`;
  }

  #seekFailure(direction: 1 | -1): void {
    const { playback, context: { shell, t } } = this.view;
    if (!playback.seekFailure(direction)) {
      shell.toast(t.task.controls.noFailure);
    }
  }

  readonly #onSpeed = (event: Event) => {
    this.view.playback.setSpeed(Number((event.target as HTMLSelectElement).value));
  };
}

customElements.define('st-playback-controls', PlaybackControls);
