import type { ScreenshotFields, Step } from '../api/types.ts';

/** The largest step number. */
export const MAX_STEP_NUMBER = 2 ** 31 - 1;

/** A size in pixels. */
export interface Shape {
  readonly width: number;
  readonly height: number;
}

/** One screenshot of a step. */
export interface StepScreenshot extends Shape {
  readonly stepNumber: number;
  /** The screenshot's index among those of the step. */
  readonly index: number;
  readonly role: ScreenshotFields['role'];
  /** 2 for the second screenshot of a step with the same role. */
  readonly nth: number;
  readonly format: string;
  readonly sensitive: boolean;
}

/** Returns the screenshots of a step, in the order in which they were taken. */
export function screenshotsOf(step: Step): StepScreenshot[] {
  const counts = new Map<string, number>();
  return step.screenshots.map(({ screenshot_index: index, role, format, width, height, sensitive }) => {
    const nth = (counts.get(role) ?? 0) + 1;
    counts.set(role, nth);
    return { stepNumber: step.step_number, index, role, nth, format, width, height, sensitive };
  });
}

/** Identifies a screenshot among those of a step: `before`, `after`, `other`, or `other 2` for the second one. */
export function viewOf({ role, nth }: StepScreenshot): string {
  return nth > 1 ? `${role} ${nth}` : role;
}

/** Returns the screenshot of a step with this view, or else its first; null if it has none. */
export function screenshotOf(step: Step, view: string): StepScreenshot | null {
  const screenshots = screenshotsOf(step);
  return screenshots.find((screenshot) => viewOf(screenshot) === view) ?? screenshots[0] ?? null;
}

/** Returns the shape of the first screenshot of a task; null if it has none. The others have the same, unless the phone was turned. */
export function shapeOf(steps: readonly Step[]): Shape | null {
  return steps.find(({ screenshots }) => screenshots.length > 0)?.screenshots[0] ?? null;
}

/** Whether a step failed, by the same rule as the report. */
export function hasFailed({ success, error_message: error }: Pick<Step, 'success' | 'error_message'>): boolean {
  return success === false || (success === null && error !== null);
}

/** Returns the index of the step with this number, or of the next one, or of the last. Steps are sorted by number. */
export function indexOfStep(steps: readonly Step[], stepNumber: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle]?.step_number ?? 0) < stepNumber) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Math.min(low, steps.length - 1);
}
