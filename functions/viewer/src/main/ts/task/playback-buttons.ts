import { css, html, type TemplateResult } from 'lit';
import { icon, type IconName } from '../components/icons.ts';
import type { Texts } from '../i18n/en.ts';

/** Styles of {@link playButton}. */
export const playButtonStyles = css`
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
`;

interface Playable {
  readonly isPlaying: boolean;
  togglePlaying(): void;
}

/** Returns the button that starts and pauses a playback. */
export function playButton(playback: Playable, isDisabled: boolean, { controls: t }: Texts['task']): TemplateResult {
  const label = playback.isPlaying ? t.pause : t.play;
  return html`<button class="play icon" title="${label} (Space)" aria-label=${label} ?disabled=${isDisabled}
    @click=${() => { playback.togglePlaying(); }}>${icon(playback.isPlaying ? 'pause' : 'play')}</button>`;
}

/**
 * Returns a button that moves to another step.
 *
 * @param key the key with the same effect; null if there is none
 */
export function moveButton(name: IconName, label: string, key: string | null, isDisabled: boolean, move: () => void): TemplateResult {
  return html`<button class="plain icon" title=${key === null ? label : `${label} (${key})`} aria-label=${label} ?disabled=${isDisabled}
    @click=${move}>${icon(name)}</button>`;
}
