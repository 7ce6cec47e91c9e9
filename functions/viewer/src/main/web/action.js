/** What an agent's action means, in Open-AutoGLM's form; of anything else its JSON is shown and nothing is drawn. */
import { cutsOf } from './cuts.js';

const isNumbers = (value) => Array.isArray(value) && value.every((v) => typeof v === 'number');
const isPoint = (value) => isNumbers(value) && value.length === 2 && value.every((v) => v >= 0 && v <= 1000);
const isText = (value) => typeof value === 'string' && value !== '';

/** The name under which it is counted, such as `Tap`, or null. */
export function actionName(action) {
  if (isText(action?.action)) {
    return action.action;
  }
  return action?._metadata === 'finish' ? 'finish' : null;
}

/** In a few words, such as `Tap 500, 884`. */
export function describe(step, t) {
  const { action } = step;
  const name = actionName(action);
  if (!name) {
    const type = Object.hasOwn(t.type, step.step_type) ? t.type[step.step_type] : step.step_type;
    return !action && cutsOf(step).action ? t.tooLong(type) : type;
  }
  const does = Object.hasOwn(t.does, name) ? t.does[name] : name;
  const what = [action.app, action.text, action.duration, action.message].find(isText)
    ?? [action.element, action.start, action.end].filter(isNumbers).flat().join(', ');
  return what ? `${does} ${what}` : does;
}

/**
 * What to draw on the screen that the agent saw: points in thousandths of its width and height.
 *
 * @return `{kind: 'tap'|'double_tap'|'long_press', at}`, `{kind: 'swipe', from, to}`, `{kind: 'text', text}` or null
 */
export function mark(step) {
  const { action } = step;
  switch (actionName(action)) {
    case 'Tap':
      return isPoint(action.element) ? { kind: 'tap', at: action.element } : null;
    case 'Double Tap':
      return isPoint(action.element) ? { kind: 'double_tap', at: action.element } : null;
    case 'Long Press':
      return isPoint(action.element) ? { kind: 'long_press', at: action.element } : null;
    case 'Swipe':
      return isPoint(action.start) && isPoint(action.end) ? { kind: 'swipe', from: action.start, to: action.end } : null;
    case 'Type':
    case 'Type_Name':
      return isText(action.text) ? { kind: 'text', text: action.text } : null;
    default:
      return null;
  }
}

/** Whether it went wrong, as the report counts it. */
export function hasFailed(step) {
  return step.success === false || (step.success === null && isText(step.error_message));
}

const TYPES = new Set(['action', 'thinking', 'screenshot', 'error', 'validation', 'completion']);

/** A custom type's name is the agent's, and no class. */
export function knownType({ step_type: type }) {
  return TYPES.has(type) ? type : 'other';
}
