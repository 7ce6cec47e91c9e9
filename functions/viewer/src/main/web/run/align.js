import { actionName } from '../action.js';
import { cutsOf } from '../cuts.js';

/** More steps than these are not searched for those that do the same. */
export const MOST = 2000;

/** Rows of `[a, b]`, of which one may be null: steps of the same number side by side. */
export function byNumber(a, b) {
  const numbers = [...new Set([...a, ...b].map((step) => step.step_number))].sort((x, y) => x - y);
  const [inA, inB] = [a, b].map((steps) => new Map(steps.map((step) => [step.step_number, step])));
  return numbers.map((number) => [inA.get(number) ?? null, inB.get(number) ?? null]);
}

export function isTooLong(a, b) {
  return a.length > MOST || b.length > MOST;
}

/** Rows in which as many steps as possible stand beside one that does the same (the longest common subsequence); by number where they are too many. */
export function byAction(a, b) {
  if (isTooLong(a, b)) {
    return byNumber(a, b);
  }
  const [inA, inB] = [a.map(deedOf), b.map(deedOf)];
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = inA[i] === inB[j]
        ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const rows = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && inA[i] === inB[j]) {
      rows.push([a[i++], b[j++]]);
    } else if (j >= b.length || (i < a.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      rows.push([a[i++], null]);
    } else {
      rows.push([null, b[j++]]);
    }
  }
  return rows;
}

/** Whether both do the same; points in one field of a grid of fifty by fifty are the same point. */
export function isSame([a, b]) {
  return a !== null && b !== null && deedOf(a) === deedOf(b);
}

const GRID = 20;

function deedOf(step) {
  const { action } = step;
  const near = (point) => (Array.isArray(point) ? point.map((v) => (typeof v === 'number' ? Math.round(v / GRID) : v)) : null);
  return action
    ? JSON.stringify([actionName(action), action.app, action.text, near(action.element), near(action.start), near(action.end)])
    : JSON.stringify([step.step_type, cutsOf(step).action]);
}
