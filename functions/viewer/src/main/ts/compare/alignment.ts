import type { Step } from '../api/types.ts';
import { actionName, sizeOfAttachment } from '../task/action-text.ts';
import { hasFailed } from '../task/steps.ts';

/** If a task has more steps, its steps are aligned by number: the search for equal actions takes time proportional to the product. */
export const MAX_STEPS_BY_ACTION = 2000;

/** Points in the same cell of a grid of 50 by 50 are the same point. */
const CELL_SIZE = 20;

/** Steps of two tasks, side by side. At most one of them is null. */
export type AlignedSteps = readonly [Step | null, Step | null];

/** How the steps of a row differ. `outcome`: the action is the same, but only one of the steps failed. */
export type RowState = 'equal' | 'outcome' | 'different' | 'missing';

/** Aligns the steps with the same number. */
export function alignByNumber(a: readonly Step[], b: readonly Step[]): AlignedSteps[] {
  const [inA, inB] = [byNumber(a), byNumber(b)];
  const numbers = [...new Set([...inA.keys(), ...inB.keys()])].sort((x, y) => x - y);
  return numbers.map((number) => [inA.get(number) ?? null, inB.get(number) ?? null]);
}

export function hasTooManySteps(a: readonly Step[], b: readonly Step[]): boolean {
  return a.length > MAX_STEPS_BY_ACTION || b.length > MAX_STEPS_BY_ACTION;
}

/** Aligns as many steps as possible with one of the same action (longest common subsequence); by number if there are too many. */
export function alignByAction(a: readonly Step[], b: readonly Step[]): AlignedSteps[] {
  if (hasTooManySteps(a, b)) {
    return alignByNumber(a, b);
  }
  const ids = new Map<string, number>(); // numbers are compared faster than long texts
  const idOf = (step: Step) => {
    const key = actionKey(step);
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  };
  const [keysA, keysB] = [a.map(idOf), b.map(idOf)];
  const width = b.length + 1;
  /** By i * width + j: how many steps can be aligned from a[i] and b[j] on. */
  const lengths = new Uint16Array((a.length + 1) * width);
  const length = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] = keysA[i] === keysB[j] ? length(i + 1, j + 1) + 1 : Math.max(length(i + 1, j), length(i, j + 1));
    }
  }
  const rows: AlignedSteps[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && keysA[i] === keysB[j]) {
      rows.push([a[i++] ?? null, b[j++] ?? null]);
    } else if (j >= b.length || (i < a.length && length(i + 1, j) >= length(i, j + 1))) {
      rows.push([a[i++] ?? null, null]);
    } else {
      rows.push([null, b[j++] ?? null]);
    }
  }
  return rows;
}

export function stateOf([a, b]: AlignedSteps): RowState {
  if (a === null || b === null) {
    return 'missing';
  }
  if (actionKey(a) !== actionKey(b)) {
    return 'different';
  }
  return hasFailed(a) === hasFailed(b) ? 'equal' : 'outcome';
}

function byNumber(steps: readonly Step[]): Map<number, Step> {
  return new Map(steps.map((step) => [step.step_number, step]));
}

const keys = new WeakMap<Step, string>();

/** Returns a text that is equal for steps with the same action. */
function actionKey(step: Step): string {
  const key = keys.get(step) ?? keyOf(step);
  keys.set(step, key);
  return key;
}

function keyOf(step: Step): string {
  const { action } = step;
  return action === null
    ? JSON.stringify([step.step_type, sizeOfAttachment(step, 'action')])
    : JSON.stringify([actionName(step), action['app'], action['text'], ...['element', 'start', 'end'].map((field) => cellOf(action[field]))]);
}

function cellOf(point: unknown): unknown[] | null {
  return Array.isArray(point)
    ? point.map((value: unknown) => (typeof value === 'number' ? Math.round(value / CELL_SIZE) : value))
    : null;
}
