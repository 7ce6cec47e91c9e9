import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { AppContext } from '../app-context.ts';
import { icon } from '../components/icons.ts';
import { Listen } from '../components/listen.ts';
import { truncate } from '../i18n/truncate.ts';
import { controls } from '../styles/controls.ts';
import { describeStep } from '../task/action-text.ts';
import { moveButton, playButton, playButtonStyles } from '../task/playback-buttons.ts';
import { StageWidth } from '../task/stage/stage-width.ts';
import '../task/stage/stage.ts';
import { hasFailed, shapeOf } from '../task/steps.ts';
import type { TaskView } from '../task/task-view.ts';
import type { Comparison } from './comparison.ts';
import { SIDES, sideLabel, sideStyles, type Side } from './side.ts';

const MAX_TEXT = 400;
const MIN_STAGE_WIDTH = 200;
const MAX_STAGE_SHARE = 0.24;

/** The screens of the selected row side by side, and the controls of the playback. */
export class ComparedScreens extends LitElement {
  static override styles = [controls, playButtonStyles, sideStyles, css`
    :host {
      display: grid;
      grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
      width: calc(2 * var(--stage-width, 300px));
      min-height: 0;
    }

    .half {
      display: grid;
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
      min-width: 0;
      min-height: 0;
    }

    .caption {
      display: flex;
      align-items: center;
      gap: 6px;
      height: 30px;
      padding: 0 8px;
      border-bottom: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .caption .ellipsis {
      min-width: 0;
    }

    .caption.failed {
      color: var(--st-failure);
    }

    .screen {
      display: grid;
      grid-template: minmax(0, 1fr) / minmax(0, 1fr);
      position: relative;
      min-height: 0;
    }

    .missing st-stage {
      visibility: hidden;
    }

    .placeholder {
      container-type: size;
      display: grid;
      place-items: center;
      position: absolute;
      inset: 0;
      padding: 10px;
      background: var(--st-stage);
    }

    .placeholder p {
      display: grid;
      place-items: center;
      width: min(100cqw, 100cqh * var(--ratio, 0.45));
      aspect-ratio: var(--ratio, 0.45);
      padding: 8px;
      border: 1px dashed var(--st-border-control);
      border-radius: 10px;
      background: repeating-linear-gradient(135deg, var(--st-border) 0 1px, transparent 1px 10px), var(--st-surface-2);
      text-align: center;
    }

    .placeholder span {
      padding: 2px 8px;
      border-radius: 4px;
      background: var(--st-surface);
      color: var(--st-text-muted);
    }

    .controls {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: center;
      gap: 2px 6px;
      padding: 6px 8px;
      border-top: 1px solid var(--st-border);
      background: var(--st-surface);
    }

    .playback {
      display: inline-flex;
    }

    .position {
      min-width: 56px;
      text-align: center;
    }

    @media (width < 1000px) {
      :host {
        width: auto;
      }
    }

    @media (width < 700px) {
      .end {
        display: none;
      }
    }
  `];

  @property({ attribute: false }) context!: AppContext;
  @property({ attribute: false }) comparison!: Comparison;
  /** The two tasks. */
  @property({ attribute: false }) views!: readonly TaskView[];
  @state() private marks = true;
  @query('.screen') private readonly screen!: HTMLElement | null;

  constructor() {
    super();
    new Listen(this, () => this.comparison);
    new StageWidth(this, {
      frame: () => this.screen,
      shapes: () => SIDES.map((side) => this.#shapeOf(side)).filter((shape) => shape !== null),
      min: MIN_STAGE_WIDTH,
      maxShare: MAX_STAGE_SHARE,
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'region';
    this.ariaLabel = this.context.t.compare.screens;
  }

  override render() {
    return html`
      <div class="pair">${SIDES.map((side) => this.#screen(side))}</div>
      ${this.#controls()}
    `;
  }

  override updated(): void {
    this.renderRoot.querySelectorAll<HTMLElement>('.screen').forEach((screen, side) => {
      const shape = this.#shapeOf(side as Side);
      if (shape) {
        screen.style.setProperty('--ratio', String(shape.width / shape.height));
      }
    });
  }

  #screen(side: Side) {
    const view = this.views[side];
    const { t } = this.context;
    const step = this.comparison.row[side];
    const failed = step !== null && hasFailed(step);
    const text = step === null ? t.compare.noStep : truncate(describeStep(step, t.task), MAX_TEXT);
    return html`
      <div class="half">
        <p class="caption ${failed ? 'failed' : ''}">
          ${sideLabel(side, t)}
          ${step === null ? nothing : html`<span class="muted small number">${step.step_number}</span>`}
          <span class="ellipsis ${step === null ? 'muted' : ''}" dir="auto" title=${text}>${text}</span>
          ${failed ? icon('cross', t.common.outcome.failure) : nothing}
        </p>
        <div class="screen ${step === null ? 'missing' : ''}">
          <st-stage .view=${view} .marks=${this.marks}></st-stage>
          ${step === null ? html`<div class="placeholder" aria-hidden="true"><p><span>${t.compare.noStep}</span></p></div>` : nothing}
        </div>
      </div>`;
  }

  #controls() {
    const { comparison, context: { t: { task: t }, format } } = this;
    const { index, rows } = comparison;
    const isFirst = index <= 0;
    const isLast = index >= rows.length - 1;
    return html`
      <div class="controls">
        <span class="segments" role="group" aria-label=${t.views.label}>${(['before', 'after'] as const).map((value) => html`
          <button aria-pressed=${comparison.screenshot === value ? 'true' : 'false'} title="${t.views[value]} (B)" ?disabled=${value === 'after' && !comparison.hasAfter}
            @click=${() => { comparison.show(value); }}>${t.views[value]}</button>`)}</span>
        <button class="plain" aria-pressed=${this.marks ? 'true' : 'false'} title=${t.controls.marks} aria-label=${t.controls.marks}
          @click=${() => { this.marks = !this.marks; }}>${icon('tap')}</button>
        <span class="playback" role="group" aria-label=${t.playback}>
          <span class="end">${moveButton('first', t.controls.first, null, isFirst, () => { comparison.select(0); })}</span>
          ${moveButton('previous', t.controls.previous, '←', isFirst, () => { comparison.selectBy(-1); })}
          ${playButton(comparison, rows.length === 0, t)}
          ${moveButton('next', t.controls.next, '→', isLast, () => { comparison.selectBy(1); })}
          <span class="end">${moveButton('last', t.controls.last, null, isLast, () => { comparison.select(rows.length - 1); })}</span>
        </span>
        <span class="position muted small number">${t.controls.position(format.number(index + 1), format.number(rows.length))}</span>
      </div>`;
  }

  #shapeOf(side: Side) {
    return shapeOf(this.views[side]?.playback.steps ?? []);
  }
}

customElements.define('st-compared-screens', ComparedScreens);
