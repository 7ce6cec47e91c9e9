import type { Texts } from '../../i18n/en.ts';
import type { StepScreenshot } from '../steps.ts';

/** Returns the name of a view for its button, such as “After” or “Other 2”. */
export function viewName({ role, nth }: StepScreenshot, t: Texts['task']): string {
  return nth > 1 ? `${t.views[role]} ${nth}` : t.views[role];
}

/** Returns where in the task a screenshot was taken, such as “before step 3”. */
export function screenshotName({ role, stepNumber }: StepScreenshot, t: Texts['task']): string {
  return t.difference[role](stepNumber);
}
