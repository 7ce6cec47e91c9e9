import type { StepScreenshot } from './steps.ts';

/** Which sensitive screenshots the user has asked to see. Fires `change` when it covers fewer than before. */
export class Veil extends EventTarget {
  readonly #shown = new Set<string>();
  #showsAll = false;

  covers(screenshot: StepScreenshot): boolean {
    return screenshot.sensitive && !this.#showsAll && !this.#shown.has(keyOf(screenshot));
  }

  lift(screenshots: readonly StepScreenshot[]): void {
    screenshots.forEach((screenshot) => this.#shown.add(keyOf(screenshot)));
    this.dispatchEvent(new Event('change'));
  }

  liftAll(): void {
    this.#showsAll = true;
    this.dispatchEvent(new Event('change'));
  }
}

function keyOf({ stepNumber, index }: StepScreenshot): string {
  return `${stepNumber}.${index}`;
}
