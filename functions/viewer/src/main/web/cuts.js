/** What was cut of a step, or left out of it, by whom sent or by whom stored it: the bytes that it had, by field. */
export function cutsOf(step) {
  return { ...step.truncated_fields, ...step.shortened_fields };
}

const NAMES = { action: (t) => t.action, action_result: (t) => t.result, other_fields: (t) => t.otherFields };

/**
 * What is not there at all.
 *
 * @return `[{name, length}]`: what it is called here, by the texts, and the bytes that it had
 */
export function leftOut(step) {
  return Object.entries(cutsOf(step))
    .filter(([field]) => Object.hasOwn(NAMES, field) && !step[field])
    .map(([field, length]) => ({ name: NAMES[field], length }));
}
