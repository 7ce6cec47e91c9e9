import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { describe, hasFailed } from '../action.js';
import { beginning } from '../excerpts.js';
import { SPEEDS } from './playing.js';

const CAPTION = 600;

/**
 * What is below the stage.
 *
 * @param now `{steps, index, pictures, view, speed, isPlaying, isRunning, follows, drawsMarks, takesKeys}`
 * @param does what each of them does
 */
export function controls(now, does, t) {
  const { steps, index, pictures } = now;
  const step = steps[index];
  const place = step ? t.positionText(step.step_number, index + 1, steps.length) : nothing;
  const isEmpty = !steps.length;
  return html`
    <input class="scrub" type="range" min="0" max=${Math.max(0, steps.length - 1)} .value=${String(index)} ?disabled=${isEmpty}
        aria-label=${t.position} aria-valuetext=${place}
        @input=${(event) => does.seek(Number(event.target.value), { isPassing: true })}
        @change=${(event) => does.seek(Number(event.target.value))}>
    <div class="buttons">
      <button type="button" ?disabled=${isEmpty} @click=${() => does.seek(index - 1)}
          aria-label=${t.previous} title=${`${t.previous} (←)`}>${icon('M15 5 8 12l7 7')}</button>
      <button type="button" class="primary play" ?disabled=${isEmpty} @click=${does.playOrPause}>${now.isPlaying ? t.pause : t.play}</button>
      <button type="button" ?disabled=${isEmpty} @click=${() => does.seek(index + 1)}
          aria-label=${t.next} title=${`${t.next} (→)`}>${icon('m9 5 7 7-7 7')}</button>
      <span class="position" aria-live=${now.isPlaying ? 'off' : 'polite'}>${place}</span>
      ${pictures.length > 1 ? html`
        <span role="group" aria-label=${t.roles} class="roles">
          ${pictures.map(({ view, role, nth }) => html`<button type="button" aria-pressed=${view === now.view}
              @click=${() => does.showView(view)}>${t.showRole[role] ?? role}${nth > 1 ? ` ${nth}` : nothing}</button>`)}
        </span>` : nothing}
      <button type="button" ?disabled=${!steps.some(hasFailed)} @click=${does.nextFailure}>
        ${steps.some(hasFailed) ? t.nextFailure : t.noFailure}</button>
      <label>${t.speed}
        <select @change=${(event) => does.setSpeed(Number(event.target.value))}>
          ${SPEEDS.map((speed) => html`<option value=${speed} .selected=${speed === now.speed}>${speed} ×</option>`)}
        </select></label>
      <label><input type="checkbox" .checked=${now.drawsMarks} @change=${(event) => does.drawMarks(event.target.checked)}> ${t.marks}</label>
      ${now.isRunning ? html`<label><input type="checkbox" .checked=${now.follows}
          @change=${(event) => does.follow(event.target.checked)}> ${t.follow}</label>` : nothing}
      ${document.fullscreenEnabled ? html`<button type="button" @click=${does.fullScreen}>${t.fullScreen}</button>` : nothing}
      <details class="help"><summary>${t.keys}</summary><p>${t.keysText}</p>
        <label><input type="checkbox" .checked=${now.takesKeys} @change=${(event) => does.takeKeys(event.target.checked)}> ${t.takesKeys}</label>
      </details>
    </div>`;
}

/** What the step did, why, and what went wrong. */
export function caption(step, t) {
  return html`
    <p class="did" dir="auto">${beginning(describe(step, t), CAPTION)}</p>
    ${step.thinking ? html`<p class="thought" dir="auto">${beginning(step.thinking, CAPTION)}</p>` : nothing}
    ${hasFailed(step) ? html`<p class="wrong" dir="auto">${t.failed}${step.error_message ? `: ${beginning(step.error_message, CAPTION)}` : ''}</p>`
      : nothing}`;
}

function icon(path) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;
}
