import { nothing, svg, html, type TemplateResult } from 'lit';

/** The shapes of the icons, on a grid of 16 by 16, drawn with lines in the colour of the text. */
const SHAPES = {
  abandoned: svg`<path d="M6.5 9.5 4.6 11.4a2 2 0 0 1-2.8-2.8l2-2M9.5 6.5l1.9-1.9a2 2 0 0 1 2.8 2.8l-2 2M5 2.5V4M2.5 5H4M11 13.5V12M13.5 11H12"/>`,
  app: svg`<rect x="2.5" y="2.5" width="4.5" height="4.5" rx="1"/><rect x="9" y="2.5" width="4.5" height="4.5" rx="1"/><rect x="2.5" y="9" width="4.5" height="4.5" rx="1"/><rect x="9" y="9" width="4.5" height="4.5" rx="1"/>`,
  archive: svg`<path d="M2 3h12v3H2zM3 6v7h10V6M6.5 9h3"/>`,
  back: svg`<path d="M9.5 3 4.5 8l5 5"/>`,
  check: svg`<path d="m3 8.5 3.2 3.2L13 4.8"/>`,
  chevronDown: svg`<path d="m4 6 4 4 4-4"/>`,
  chevronRight: svg`<path d="m6 4 4 4-4 4"/>`,
  close: svg`<path d="m4 4 8 8m0-8-8 8"/>`,
  compare: svg`<rect x="2" y="2.5" width="5" height="11" rx="1"/><rect x="9" y="2.5" width="5" height="11" rx="1"/>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1"/><path d="M10.5 5.5v-3h-8v8h3"/>`,
  cross: svg`<path d="m4 4 8 8m0-8-8 8"/>`,
  device: svg`<rect x="4.5" y="1.5" width="7" height="13" rx="1.5"/><path d="M7 12.5h2"/>`,
  document: svg`<path d="M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3M5.5 8h5M5.5 11h5"/>`,
  download: svg`<path d="M8 2v8m-3.5-3L8 10.5 11.5 7M2.5 13.5h11"/>`,
  first: svg`<path d="M3.5 3v10M12.5 3.5 6 8l6.5 4.5z"/>`,
  fullScreen: svg`<path d="M6 2.5H2.5V6M10 2.5h3.5V6M6 13.5H2.5V10M10 13.5h3.5V10"/>`,
  grid: svg`<rect x="2.5" y="2.5" width="4.5" height="4.5"/><rect x="9" y="2.5" width="4.5" height="4.5"/><rect x="2.5" y="9" width="4.5" height="4.5"/><rect x="9" y="9" width="4.5" height="4.5"/>`,
  half: svg`<circle cx="8" cy="8" r="5.5"/><path d="M8 2.5v11" /><path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor"/>`,
  hand: svg`<path d="M5 8V3.5a1 1 0 0 1 2 0V7m0-4.5a1 1 0 0 1 2 0V7m0-3.5a1 1 0 0 1 2 0V8m0-2.5a1 1 0 0 1 2 0V10a4 4 0 0 1-4 4H8.500a4 4 0 0 1-3.2-1.600L2.8 9.200a1 1 0 0 1 1.5-1.300L5 8.6"/>`,
  home: svg`<path d="M2.5 7.5 8 2.500l5.5 5V13.500h-4v-4h-3v4h-4z"/>`,
  info: svg`<circle cx="8" cy="8" r="6"/><path d="M8 7.500V11M8 5v.1"/>`,
  keep: svg`<path d="M5.5 2h5l-.7 5L12.5 9.500h-9L6.2 7zM8 9.500V14.5"/>`,
  last: svg`<path d="M12.5 3v10M3.5 3.5 10 8l-6.5 4.500z"/>`,
  menu: svg`<path d="M2.5 4.500h11M2.5 8h11M2.5 11.500h11"/>`,
  more: svg`<path d="M3.5 8h.1M8 8h.1M12.5 8h.1" stroke-width="2.2"/>`,
  next: svg`<path d="m6 3.5 4.5 4.500L6 12.5"/>`,
  nextFailure: svg`<path d="m3 4.5 4 3.5-4 3.500zM9.5 5.500l4 5m0-5-4 5"/>`,
  note: svg`<path d="M2.5 3h11v8h-6l-3 2.500V11h-2z"/>`,
  pause: svg`<path d="M5 3v10M11 3v10" stroke-width="2.5"/>`,
  play: svg`<path d="M4.5 2.5 13 8l-8.5 5.500z" fill="currentColor"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  previous: svg`<path d="M10 3.5 5.5 8l4.5 4.5"/>`,
  previousFailure: svg`<path d="m13 4.5-4 3.5 4 3.500zM2.5 5.500l4 5m0-5-4 5"/>`,
  running: svg`<circle cx="8" cy="8" r="3.5" fill="currentColor"/>`,
  search: svg`<circle cx="7" cy="7" r="4.2"/><path d="m10.2 10.2 3.3 3.3"/>`,
  share: svg`<circle cx="12" cy="3.5" r="1.8"/><circle cx="4" cy="8" r="1.8"/><circle cx="12" cy="12.5" r="1.8"/><path d="m5.6 7.1 4.8-2.700M5.6 8.900l4.8 2.7"/>`,
  stop: svg`<rect x="4" y="4" width="8" height="8" rx="1"/>`,
  swipe: svg`<path d="M2.5 11.500c3-7 7-7 10-4M12.8 3.800v4h-4"/>`,
  table: svg`<rect x="2" y="3" width="12" height="10" rx="1"/><path d="M2 6.500h12M2 9.700h12"/>`,
  tag: svg`<path d="M2.5 2.500h5.500l5.5 5.5-5.5 5.5-5.5-5.500zM5.3 5.300h.1"/>`,
  tap: svg`<circle cx="8" cy="8" r="2"/><circle cx="8" cy="8" r="5.5" stroke-dasharray="2.5 2"/>`,
  text: svg`<path d="M3.5 4V2.500h9V4M8 2.500v11M6 13.500h4"/>`,
  trash: svg`<path d="M2.5 4h11M6 4V2.500h4V4M4 4l.7 9.500h6.600L12 4M6.7 6.500v4.500M9.3 6.500v4.5"/>`,
  user: svg`<circle cx="8" cy="5.5" r="2.8"/><path d="M2.5 14c.5-3 2.7-4.5 5.5-4.500s5 1.5 5.5 4.5"/>`,
  veil: svg`<path d="M2 2l12 12M6.3 3.700A6 6 0 0 1 8 3.500c4 0 6.5 4.5 6.5 4.500a11 11 0 0 1-1.9 2.400M10 12.200a6 6 0 0 1-2 .3C4 12.5 1.5 8 1.5 8a11 11 0 0 1 2.3-2.7"/>`,
  verified: svg`<path d="m5.5 8.2 1.8 1.800L10.8 6.4"/><path d="M8 1.500l1.9 1.3 2.3-.1.6 2.200L14.5 6.3 13.7 8.500l.8 2.2-1.9 1.3-.6 2.2-2.3-.1L8 15.2" stroke-width="0"/><circle cx="8" cy="8" r="6"/>`,
  wait: svg`<circle cx="8" cy="8" r="6"/><path d="M8 4.500V8l2.5 1.5"/>`,
  warning: svg`<path d="M8 2 14.5 13.500h-13zM8 6.500V10M8 11.800v.1"/>`,
} as const;

export type IconName = keyof typeof SHAPES;

export const ICON_NAMES = Object.keys(SHAPES) as IconName[];

/**
 * Returns an icon.
 *
 * @param label the name for screen readers; without one the icon is decoration, beside a text or in a labelled button
 */
export function icon(name: IconName, label?: string): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.4"
    stroke-linecap="round" stroke-linejoin="round" role=${label ? 'img' : nothing} aria-label=${label ?? nothing}
    aria-hidden=${label ? nothing : 'true'}>${SHAPES[name]}</svg>`;
}
