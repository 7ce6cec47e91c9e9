/** Paths of icons by name, on a grid of 16 x 16, drawn as lines. */
const PATHS: Readonly<Record<string, string>> = {
  check: 'M3 8.5l3.5 3.5L13 4.5',
  'chevron-down': 'M4 6l4 4 4-4',
  'chevron-right': 'M6 4l4 4-4 4',
  'circle-xmark': 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13M5.5 5.5l5 5m0-5l-5 5',
  xmark: 'M4 4l8 8m0-8l-8 8',
};

/** Draws an icon into an SVG element. */
export function drawIcon(svg: SVGElement, name: string): void {
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
