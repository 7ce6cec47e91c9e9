import type { Step } from '../../api/types.ts';
import { screenshotOf, type StepScreenshot } from '../steps.ts';

/** So many loads wait for URLs or in the queue of requests, so that the URLs of further steps arrive in time. */
const MAX_LOADS = 60;

/** Loads the thumbnails of the steps around the current one, the nearest first, so that a user who scrubs does not wait for them. */
export class ThumbnailPreloader {
  readonly #load: (screenshot: StepScreenshot, distance: number) => Promise<unknown>;
  readonly #isWanted: (screenshot: StepScreenshot) => boolean;
  readonly #maxDistance: number;
  /** The steps whose thumbnails were loaded, or could not be. */
  readonly #done = new Set<number>();
  #steps: readonly Step[] = [];
  #index = 0;
  #loads = 0;
  #isStopped = false;

  /**
   * @param load loads the thumbnail of a screenshot at a distance in steps
   * @param isWanted whether a thumbnail may be loaded now
   */
  constructor(
    load: (screenshot: StepScreenshot, distance: number) => Promise<unknown>, isWanted: (screenshot: StepScreenshot) => boolean, maxDistance: number,
  ) {
    this.#load = load;
    this.#isWanted = isWanted;
    this.#maxDistance = maxDistance;
  }

  /** Continues around another step. */
  moveTo(steps: readonly Step[], index: number): void {
    this.#steps = steps;
    this.#index = index;
    this.#start();
  }

  stop(): void {
    this.#isStopped = true;
  }

  #start(): void {
    while (this.#loads < MAX_LOADS && !this.#isStopped) {
      const next = this.#next();
      if (next === null) {
        return;
      }
      this.#loads++;
      this.#done.add(next.screenshot.stepNumber);
      const end = () => {
        this.#loads--;
        this.#start();
      };
      this.#load(next.screenshot, next.distance).then(end, end); // the stage reports the error when it shows the screenshot
    }
  }

  #next(): { screenshot: StepScreenshot; distance: number } | null {
    for (let distance = 0; distance <= this.#maxDistance && distance < this.#steps.length; distance++) {
      for (const step of [this.#steps[this.#index + distance], this.#steps[this.#index - distance]]) {
        const screenshot = step === undefined || this.#done.has(step.step_number) ? null : screenshotOf(step, 'before');
        if (screenshot !== null && this.#isWanted(screenshot)) {
          return { screenshot, distance };
        }
      }
    }
    return null;
  }
}
