/** Sets up the icons inside the components of Web Awesome. */
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';

/** Paths of icons by the components' names for them, on a grid of 16 by 16, drawn as lines. */
const PATHS: Readonly<Record<string, string>> = {
  check: 'M3 8.5l3.5 3.5L13 4.5',
  'chevron-down': 'M4 6l4 4 4-4',
  'chevron-right': 'M6 4l4 4-4 4',
};

function drawIcon(svg: SVGElement, name: string): void {
  const data = PATHS[name];
  if (data === undefined) {
    throw new Error(`No icon has the name "${name}".`);
  }
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', data);
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('fill', 'none');
  svg.setAttribute('stroke', 'currentColor');
  svg.setAttribute('stroke-width', '1.5');
  svg.setAttribute('stroke-linecap', 'round');
  svg.setAttribute('stroke-linejoin', 'round');
  svg.replaceChildren(path);
}

// By default the icons are fetched from data: URLs and parsed as markup, which the content security policy forbids. With a sprite
// sheet, the icon renders an empty <svg>, which is drawn here; the URL is only the key of a cache.
registerIconLibrary('system', {
  spriteSheet: true,
  resolver: (name) => `#${name}`,
  mutator: (svg, icon) => {
    drawIcon(svg, icon?.name ?? '');
  },
});
