import { css, html, type TemplateResult } from 'lit';
import type { ListedTask } from '../api/types.ts';
import { icon } from '../components/icons.ts';
import type { Texts } from '../i18n/en.ts';

/** Styles of {@link thumbnail}, whose size the user of it sets. */
export const thumbnailStyles = css`
  .thumbnail {
    display: grid;
    place-items: center;
    overflow: hidden;
    border-radius: 3px;
    background: var(--st-stage);
    color: var(--st-text-muted);
  }

  .thumbnail.veiled {
    background: var(--st-veil);
  }

  .thumbnail img {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
`;

/**
 * Returns the last screenshot of a task, or an icon instead of it.
 *
 * @param isLazy whether the browser may load the image when it comes near the window
 */
export function thumbnail({ thumbnail: shown }: ListedTask, t: Texts, isLazy: boolean, onError: () => void): TemplateResult {
  if (shown?.url) {
    return html`<span class="thumbnail"><img src=${shown.url} alt=${t.common.screenshotOf(shown.step_number)}
      loading=${isLazy ? 'lazy' : 'eager'} decoding="async" referrerpolicy="no-referrer" @error=${onError}></span>`;
  }
  return shown?.sensitive
    ? html`<span class="thumbnail veiled">${icon('veil', t.common.sensitive)}</span>`
    : html`<span class="thumbnail">${icon('device', t.common.noScreenshot)}</span>`;
}
