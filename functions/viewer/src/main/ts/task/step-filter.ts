import type { Step } from '../api/types.ts';
import type { Texts } from '../i18n/en.ts';
import { describeStep } from './action-text.ts';
import { hasFailed } from './steps.ts';

/**
 * Returns the steps that contain a text, in any case, in what a user can read of them.
 *
 * @param text empty for all steps
 */
export function filterSteps(steps: readonly Step[], text: string, failuresOnly: boolean, t: Texts['task']): readonly Step[] {
  if (text === '' && !failuresOnly) {
    return steps;
  }
  const wanted = text.toLowerCase();
  return steps.filter((step) => (!failuresOnly || hasFailed(step)) && (wanted === '' || contains(step, wanted, t)));
}

function contains(step: Step, wanted: string, t: Texts['task']): boolean {
  const { thinking, error_message: error, action, action_result: result } = step;
  return [String(step.step_number), thinking, error, describeStep(step, t), action, result].some((value) =>
    value !== null && (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase().includes(wanted));
}
