import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { icon, type IconName } from '../components/icons.ts';
import { Listen } from '../components/listen.ts';
import { controls } from '../styles/controls.ts';
import { FollowPlayback } from './follow-playback.ts';
import { DIFFERENCE, SPEEDS } from './playback.ts';
import { viewName } from './stage/screenshot-names.ts';
import { screenshotsOf, viewOf } from './steps.ts';
import type { TaskView } from './task-view.ts';

/** The controls of the playback, in one row. Fires `marks` and `full-screen`. */
@customElement('st-playback-controls')
export class PlaybackControls extends LitElement {
  static override styles = [controls, css`
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

    .play {
      width: 34px;
      border-color: transparent;
      border-radius: 50%;
      background: var(--st-accent);
      color: var(--st-on-accent);
    }

    .play:hover {
      background: color-mix(in srgb, var(--st-accent), var(--st-text) 12%);
    }

    .position {
      min-width: 58px;
      padding: 0 2px;
      color: var(--st-text-muted);
      font-size: var(--st-size-small);
      text-align: center;
    }

    .segments {
      display: inline-flex;
    }

    .segments button {
      height: 26px;
      padding: 0 9px;
      border-radius: 0;
      font-size: var(--st-size-small);
    }

    .segments button + button {
      margin-left: -1px;
    }

    .segments button:first-child {
      border-radius: var(--st-radius) 0 0 var(--st-radius);
    }

    .segments button:last-child {
      border-radius: 0 var(--st-radius) var(--st-radius) 0;
    }

    .segments button[aria-pressed='true'] {
      z-index: 1;
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
        <button class="plain icon" title="${t.controls.fullScreen} (Shift+F)" aria-label=${t.controls.fullScreen}
          @click=${() => { this.dispatchEvent(new Event('full-screen')); }}>${icon('fullScreen')}</button>
      </div>
      <div class="row" role="group" aria-label=${t.playback}>
        ${this.#button('first', t.controls.first, null, playback.isFirst, () => { playback.seek(0); })}
        ${this.#button('previousFailure', t.controls.previousFailure, 'Shift+E', false, () => { this.#seekFailure(-1); })}
        ${this.#button('previous', t.controls.previous, '←', playback.isFirst, () => { playback.seekBy(-1); })}
        <button class="play icon" title="${playback.isPlaying ? t.controls.pause : t.controls.play} (Space)"
          aria-label=${playback.isPlaying ? t.controls.pause : t.controls.play} ?disabled=${steps.length === 0}
          @click=${() => { playback.togglePlaying(); }}>${icon(playback.isPlaying ? 'pause' : 'play')}</button>
        ${this.#button('next', t.controls.next, '→', playback.isLast, () => { playback.seekBy(1); })}
        ${this.#button('nextFailure', t.controls.nextFailure, 'E', false, () => { this.#seekFailure(1); })}
        ${this.#button('last', t.controls.last, null, playback.isLast, () => { playback.seek(steps.length - 1); })}
        <span class="position number">${position}</span>
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

  #button(name: IconName, label: string, key: string | null, isDisabled: boolean, action: () => void) {
    return html`<button class="plain icon" title=${key === null ? label : `${label} (${key})`} aria-label=${label} ?disabled=${isDisabled} @click=${action}>
      ${icon(name)}</button>`;
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
