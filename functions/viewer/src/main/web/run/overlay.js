import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { marksTemplate } from './marks.js';

/**
 * What lies over the picture on a stage: what the agent did there, or why there is no picture.
 *
 * @param now `{state, mark, size}`: `shown`, `loading`, `missing`, `failed` or `veiled`; what to draw, or null; of the picture
 * @param does `{again, lift, liftAll}`
 */
export function overlayTemplate({ state, mark, size }, does, t) {
  return html`
    <svg class="marks" viewBox="0 0 ${size.width} ${size.height}" aria-hidden="true">${marksTemplate(mark, size)}</svg>
    ${mark?.kind === 'text' ? html`<p class="typed" dir="auto">${mark.text}</p>` : nothing}
    <div role="status">${saidTemplate(state, does, t)}</div>`;
}

function saidTemplate(state, does, t) {
  switch (state) {
    case 'loading':
      return html`<p class="said">${t.pictureLoading}</p>`;
    case 'missing':
      return html`<p class="said">${t.noPicture}</p>`;
    case 'failed':
      return html`<p class="said">${t.pictureFailed} <button type="button" @click=${does.again}>${t.tryAgain}</button></p>`;
    case 'veiled':
      return html`<div class="said"><p>${t.sensitive} ${t.sensitiveText}</p>
        <button type="button" @click=${does.lift}>${t.reveal}</button>
        <button type="button" @click=${does.liftAll}>${t.revealAll}</button></div>`;
    default:
      return nothing;
  }
}
