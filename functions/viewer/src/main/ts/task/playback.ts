import type { Step } from '../api/types.ts';
import { hasFailed, indexOfStep, screenshotOf, screenshotsOf, viewOf } from './steps.ts';

export const SPEEDS: readonly number[] = [0.5, 1, 2, 4];

/** The view that compares two screenshots. */
export const DIFFERENCE = 'difference';

const MIN_SHOWN_MS = 700;
const MAX_SHOWN_MS = 2500;
const DEFAULT_SHOWN_MS = 1200;

/**
 * Which step and screenshot of a task is shown, and the playback of the task. Steps may arrive before the current one, which stays
 * current. Fires `change`.
 */
export class Playback extends EventTarget {
  #steps: readonly Step[] = [];
  #stepNumber: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The index of the current step; -1 without steps. */
  index = -1;
  /** The view of the current screenshot, as `viewOf` returns it, or {@link DIFFERENCE}. */
  view = 'before';
  isPlaying = false;
  speed = 1;
  /** Whether the newest step is shown as soon as it arrives. */
  isFollowing = false;
  /** Whether the user is moving fast through the steps, so that a thumbnail is enough for a moment. */
  isScrubbing = false;
  /** Resolves when the current screenshot is drawn, or cannot be. The playback waits for it. */
  shown: Promise<unknown> = Promise.resolve();

  get steps(): readonly Step[] {
    return this.#steps;
  }

  get step(): Step | null {
    return this.#steps[this.index] ?? null;
  }

  get isFirst(): boolean {
    return this.index <= 0;
  }

  get isLast(): boolean {
    return this.index >= this.#steps.length - 1;
  }

  /** Takes the steps that have arrived, sorted by number. */
  setSteps(steps: readonly Step[]): void {
    if (steps === this.#steps) {
      return;
    }
    this.#steps = steps;
    if (this.#stepNumber !== null) {
      this.index = indexOfStep(steps, this.#stepNumber);
    }
    if (this.isFollowing && steps.length > 0) {
      this.#move(steps.length - 1, 'before');
    } else {
      this.#changed();
    }
  }

  /** Shows the step with this number, or the next one, or the last. */
  seekNumber(stepNumber: number): void {
    this.seek(indexOfStep(this.#steps, stepNumber));
  }

  /** Shows the step with this index; ignores an index outside of the task. */
  seek(index: number, { isScrubbing = false, view }: { isScrubbing?: boolean; view?: string } = {}): void {
    if (index < 0 || index >= this.#steps.length) {
      return;
    }
    this.isFollowing = this.isFollowing && index === this.#steps.length - 1;
    this.isScrubbing = isScrubbing;
    this.#move(index, view ?? (this.view === DIFFERENCE ? DIFFERENCE : 'before'));
    this.#restartTimer();
  }

  /** Moves by a number of steps, and stops at the ends. */
  seekBy(count: number): void {
    this.seek(Math.min(this.#steps.length - 1, Math.max(0, this.index + count)));
  }

  /** Shows the next failed step in a direction, and starts again at the other end. Returns whether there is one. */
  seekFailure(direction: 1 | -1): boolean {
    const count = this.#steps.length;
    for (let distance = 1; distance <= count; distance++) {
      const index = (this.index + direction * distance + count * 2) % count;
      const step = this.#steps[index];
      if (step !== undefined && hasFailed(step)) {
        this.seek(index);
        return true;
      }
    }
    return false;
  }

  setView(view: string): void {
    this.isFollowing = false;
    this.isScrubbing = false;
    this.#move(this.index, view);
    this.#restartTimer();
  }

  /** Shows the next view of the step: its screenshots one after the other, then the difference. */
  nextView(): void {
    const views = this.#views();
    this.setView(views[(views.indexOf(this.view) + 1) % views.length] ?? this.view);
  }

  follow(isFollowing: boolean): void {
    this.isFollowing = isFollowing;
    if (isFollowing && this.#steps.length > 0) {
      this.pause();
      this.#move(this.#steps.length - 1, 'before');
    } else {
      this.#changed();
    }
  }

  togglePlaying(): void {
    if (this.isPlaying) {
      this.pause();
    } else {
      this.play();
    }
  }

  play(): void {
    this.isFollowing = false;
    this.isScrubbing = false;
    this.isPlaying = true;
    if (this.#next() === null) {
      this.#move(0, 'before');
    } else {
      this.#changed();
    }
    this.#restartTimer();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.isPlaying = false;
    this.#changed();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.#changed();
    this.#restartTimer();
  }

  /** Changes the speed to the next of {@link SPEEDS}. */
  changeSpeed(direction: 1 | -1): void {
    const index = SPEEDS.indexOf(this.speed) + direction;
    this.setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index))] ?? 1);
  }

  /** The views that the current step has. */
  #views(): string[] {
    return this.step ? [...screenshotsOf(this.step).map(viewOf), DIFFERENCE] : [];
  }

  #move(index: number, view: string): void {
    const step = this.#steps[index];
    if (step === undefined) {
      return;
    }
    const screenshot = screenshotOf(step, view);
    this.index = index;
    this.#stepNumber = step.step_number;
    this.view = view === DIFFERENCE || screenshot === null ? view : viewOf(screenshot);
    this.#changed();
  }

  /** The screenshot that the playback shows next: the next one of the step, or the first of the next step. */
  #next(): { index: number; view: string } | null {
    const views = this.step && this.view !== DIFFERENCE ? screenshotsOf(this.step).map(viewOf) : [];
    const view = views[views.indexOf(this.view) + 1];
    if (view !== undefined) {
      return { index: this.index, view };
    }
    return this.isLast ? null : { index: this.index + 1, view: this.view === DIFFERENCE ? DIFFERENCE : 'before' };
  }

  /** Each screenshot is shown for its share of the step's duration, but neither too briefly nor too long. */
  #restartTimer(): void {
    clearTimeout(this.#timer);
    if (!this.isPlaying || !this.step) {
      return;
    }
    const share = (this.step.duration_ms ?? DEFAULT_SHOWN_MS) / Math.max(1, this.step.screenshots.length);
    const milliseconds = Math.min(MAX_SHOWN_MS, Math.max(MIN_SHOWN_MS, share)) / this.speed;
    const timer = setTimeout(() => {
      void this.shown.finally(() => {
        if (this.isPlaying && timer === this.#timer) {
          this.#advance();
        }
      });
    }, milliseconds);
    this.#timer = timer;
  }

  #advance(): void {
    const next = this.#next();
    if (next === null) {
      this.pause();
    } else {
      this.#move(next.index, next.view);
      this.#restartTimer();
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
