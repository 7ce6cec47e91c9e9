import type { Step } from '../api/types.ts';
import { type AlignedSteps, type RowState, alignByAction, alignByNumber, stateOf } from './alignment.ts';

export type Alignment = 'action' | 'number';

const SHOWN_MS = 1200;

/** The aligned steps of two tasks, which row is selected, and the playback of the rows. Fires `change`. */
export class Comparison extends EventTarget {
  #steps: readonly [readonly Step[], readonly Step[]] = [[], []];
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Until the user chooses, steps are aligned by action if that finds equal ones. */
  alignment: Alignment = 'action';
  #isChosen = false;
  rows: readonly AlignedSteps[] = [];
  /** The state of each row. */
  states: readonly RowState[] = [];
  /** The index of the selected row; -1 without rows. */
  index = -1;
  isPlaying = false;
  /** Which screenshot of the steps is shown. */
  screenshot: 'before' | 'after' = 'before';
  /** Resolves when both screenshots of the row are drawn, or cannot be. The playback waits for it. */
  shown: Promise<unknown> = Promise.resolve();

  get row(): AlignedSteps {
    return this.rows[this.index] ?? [null, null];
  }

  get equalRows(): number {
    return this.states.filter((state) => state === 'equal').length;
  }

  /** Takes the steps that have arrived, sorted by number. The selected step stays selected. */
  setSteps(a: readonly Step[], b: readonly Step[]): void {
    if (a !== this.#steps[0] || b !== this.#steps[1]) {
      this.#steps = [a, b];
      this.#align();
    }
  }

  show(screenshot: 'before' | 'after'): void {
    this.screenshot = screenshot;
    this.#changed();
  }

  setAlignment(alignment: Alignment): void {
    this.alignment = alignment;
    this.#isChosen = true;
    this.#align();
  }

  /** Whether a step of either task has a screenshot after its action. */
  get hasAfter(): boolean {
    return this.#steps.some((steps) => steps.some(({ screenshots }) => screenshots.some(({ role }) => role === 'after')));
  }

  /** Selects a row; ignores an index without one. */
  select(index: number): void {
    if (this.rows[index] !== undefined) {
      this.index = index;
      this.#changed();
      this.#restartTimer();
    }
  }

  /** Moves by a number of rows, and stops at the ends. */
  selectBy(count: number): void {
    this.select(Math.min(this.rows.length - 1, Math.max(0, this.index + count)));
  }

  /** Selects the row of a task's step. */
  selectStep(side: 0 | 1, stepNumber: number): void {
    this.select(this.rows.findIndex((row) => row[side]?.step_number === stepNumber));
  }

  /** Selects the next row in a direction that is not equal, and starts again at the other end. Returns whether there is one. */
  selectDifference(direction: 1 | -1): boolean {
    const count = this.rows.length;
    for (let distance = 1; distance <= count; distance++) {
      const index = (this.index + direction * distance + count * 2) % count;
      if (this.states[index] !== 'equal') {
        this.select(index);
        return true;
      }
    }
    return false;
  }

  /** Returns the step of a task at the selected row, or its last one before it; null if there is none. */
  stepAt(side: 0 | 1): Step | null {
    for (let index = this.index; index >= 0; index--) {
      const step = this.rows[index]?.[side] ?? null;
      if (step !== null) {
        return step;
      }
    }
    return null;
  }

  togglePlaying(): void {
    if (this.isPlaying) {
      this.pause();
    } else {
      this.isPlaying = true;
      this.select(this.index >= this.rows.length - 1 ? 0 : this.index);
    }
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.isPlaying = false;
    this.#changed();
  }

  #align(): void {
    const selected = this.row;
    const [a, b] = this.#steps;
    this.rows = this.#isChosen && this.alignment === 'number' ? alignByNumber(a, b) : alignByAction(a, b);
    if (!this.#isChosen) {
      const isUseful = a.length === 0 || b.length === 0 || this.rows.some(([left, right]) => left !== null && right !== null);
      this.alignment = isUseful ? 'action' : 'number';
      this.rows = isUseful ? this.rows : alignByNumber(a, b);
    }
    this.states = this.rows.map(stateOf);
    const side = selected[0] === null ? 1 : 0;
    const number = selected[side]?.step_number;
    const index = this.rows.findIndex((row) => number !== undefined && row[side]?.step_number === number);
    this.index = Math.max(index, Math.min(0, this.rows.length - 1));
    this.#changed();
  }

  #restartTimer(): void {
    clearTimeout(this.#timer);
    if (!this.isPlaying) {
      return;
    }
    const timer = setTimeout(() => {
      void this.shown.finally(() => {
        if (this.isPlaying && timer === this.#timer) {
          if (this.index >= this.rows.length - 1) {
            this.pause();
          } else {
            this.selectBy(1);
          }
        }
      });
    }, SHOWN_MS);
    this.#timer = timer;
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
