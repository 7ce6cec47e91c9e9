import { nothing, svg } from 'lit';
import type { ActionMark, Point } from '../action-text.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Draws an action over a screenshot of this size: a ring for a tap, two for a double tap, a filled one for a long press, an arrow. */
export function marksTemplate(mark: ActionMark | null, { width, height }: Size) {
  const place = ([x, y]: Point): Point => [(x / 1000) * width, (y / 1000) * height];
  const radius = Math.max(width, height) * 0.022;
  switch (mark?.kind) {
    case 'tap': return tap(place(mark.at), radius);
    case 'doubleTap': return svg`${tap(place(mark.at), radius)}${ring(place(mark.at), radius * 1.7, 'tap')}`;
    case 'longPress': return ring(place(mark.at), radius * 1.2, 'press');
    case 'swipe': return arrow(place(mark.from), place(mark.to), radius);
    default: return nothing;
  }
}

function tap(at: Point, radius: number) {
  const [x, y] = at;
  const cross = `M${x - radius * 1.9} ${y}h${radius * 0.9}M${x + radius} ${y}h${radius * 0.9}`
    + `M${x} ${y - radius * 1.9}v${radius * 0.9}M${x} ${y + radius}v${radius * 0.9}`;
  return svg`${ring(at, radius, 'tap')}<path class="halo" d=${cross}></path><path class="mark" d=${cross}></path>`;
}

/** Each line has a dark outline, so that it is visible on any screenshot. */
function ring([x, y]: Point, radius: number, kind: string) {
  return svg`
    <circle class="halo" cx=${x} cy=${y} r=${radius}></circle>
    <circle class="mark ${kind}" cx=${x} cy=${y} r=${radius}></circle>`;
}

function arrow(from: Point, to: Point, radius: number) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 1) {
    return ring(from, radius, 'tap');
  }
  const [ux, uy] = [dx / length, dy / length];
  const wing = (side: number) => [to[0] - radius * (1.4 * ux + side * 0.9 * uy), to[1] - radius * (1.4 * uy - side * 0.9 * ux)].join(' ');
  const line = `M${from.join(' ')} L${to.join(' ')} M${wing(1)} L${to.join(' ')} L${wing(-1)}`;
  return svg`
    <path class="halo" d=${line}></path>
    <path class="mark" d=${line}></path>
    <circle class="halo" cx=${from[0]} cy=${from[1]} r=${radius * 0.6}></circle>
    <circle class="mark press" cx=${from[0]} cy=${from[1]} r=${radius * 0.6}></circle>`;
}
