import { css, html, nothing } from 'lit';
import type { Texts } from '../i18n/en.ts';
import type { TaskModel } from './task-model.ts';

/** Styles of {@link connectionTemplate}. */
export const connectionStyles = css`
  .offline {
    position: fixed;
    z-index: 20;
    bottom: 12px;
    left: 12px;
    padding: 6px 12px;
    border-radius: var(--st-radius-panel);
    background: var(--st-warning-quiet);
    color: var(--st-warning);
    box-shadow: var(--st-shadow-menu);
  }
`;

/** Says that a page receives no responses, while that is so. */
export function connectionTemplate(models: readonly TaskModel[], t: Texts) {
  return models.every(({ isConnected }) => isConnected) ? nothing : html`<p class="offline" role="status">${t.task.offline}</p>`;
}
