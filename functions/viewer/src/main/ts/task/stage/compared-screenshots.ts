import type { Step } from '../../api/types.ts';
import { screenshotsOf, type StepScreenshot } from '../steps.ts';

/**
 * Returns the two screenshots that show what a step changed: before and after it. The first screenshot of a later step stands in for a
 * missing one after the step. Without a later screenshot, the step is compared with the last screenshot before it.
 *
 * @return null if there are no two screenshots
 */
export function comparedScreenshots(steps: readonly Step[], index: number): readonly [StepScreenshot, StepScreenshot] | null {
  const step = steps[index];
  const screenshots = step ? screenshotsOf(step) : [];
  const before = screenshots.find(({ role }) => role === 'before') ?? screenshots[0];
  const after = screenshots.find(({ role }) => role === 'after' && role !== before?.role);
  const later = after ?? firstOf(steps.find((other, place) => place > index && other.screenshots.length > 0));
  if (before && later) {
    return [before, later];
  }
  const earlier = steps.slice(0, Math.max(0, index)).findLast((other) => other.screenshots.length > 0);
  const current = before ?? after;
  const last = earlier && screenshotsOf(earlier).at(-1);
  return current && last ? [last, current] : null;
}

function firstOf(step: Step | undefined): StepScreenshot | undefined {
  return step && screenshotsOf(step)[0];
}
