import { svg, nothing } from '../vendor/lit-html/lit-html.js';

/** What the agent did, drawn over a picture of this size: a ring, two, a filled one, an arrow. */
export function marksTemplate(mark, { width, height }) {
  const place = ([x, y]) => [(x / 1000) * width, (y / 1000) * height];
  const radius = Math.max(width, height) * 0.022;
  switch (mark?.kind) {
    case 'tap':
      return ring(place(mark.at), radius, 'tap');
    case 'double_tap':
      return svg`${ring(place(mark.at), radius, 'tap')}${ring(place(mark.at), radius * 1.6, 'tap second')}`;
    case 'long_press':
      return ring(place(mark.at), radius * 1.2, 'press');
    case 'swipe':
      return arrow(place(mark.from), place(mark.to), radius);
    default:
      return nothing;
  }
}

/** Each line twice, so that it shows on whatever lies under it. */
function ring([x, y], radius, kind) {
  return svg`
    <circle class="halo" cx=${x} cy=${y} r=${radius}></circle>
    <circle class="mark ${kind}" cx=${x} cy=${y} r=${radius}></circle>`;
}

function arrow(from, to, radius) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 1) {
    return ring(from, radius, 'tap');
  }
  const [ux, uy] = [dx / length, dy / length];
  const wing = (side) => [to[0] - radius * (1.4 * ux + side * 0.9 * uy), to[1] - radius * (1.4 * uy - side * 0.9 * ux)];
  const line = `M${from} L${to} M${wing(1)} L${to} L${wing(-1)}`;
  return svg`
    <path class="halo" d=${line}></path>
    <path class="mark swipe" d=${line}></path>
    <circle class="halo" cx=${from[0]} cy=${from[1]} r=${radius * 0.6}></circle>
    <circle class="mark press" cx=${from[0]} cy=${from[1]} r=${radius * 0.6}></circle>`;
}
