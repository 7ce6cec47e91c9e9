import type { Step } from '../api/types.ts';
import type { IconName } from '../components/icons.ts';
import type { Texts } from '../i18n/en.ts';

type Action = Record<string, unknown>;

/** What the agent did on the screen, in thousandths of its width and height. */
export type ActionMark =
  | { readonly kind: 'tap' | 'doubleTap' | 'longPress'; readonly at: Point }
  | { readonly kind: 'swipe'; readonly from: Point; readonly to: Point }
  | { readonly kind: 'text'; readonly text: string };

export type Point = readonly [number, number];

const ICONS: Readonly<Record<string, IconName>> = {
  Tap: 'tap',
  'Double Tap': 'tap',
  'Long Press': 'tap',
  Swipe: 'swipe',
  Type: 'text',
  Type_Name: 'text',
  Launch: 'app',
  Back: 'back',
  Home: 'home',
  Wait: 'wait',
  Take_over: 'hand',
  Interact: 'hand',
  Note: 'note',
  finish: 'check',
};

/** Returns the name of a step's action in Open-AutoGLM's form, such as `Tap`; null if there is none. */
export function actionName({ action }: Pick<Step, 'action'>): string | null {
  const name = textOf(action?.['action']);
  return name ?? (action?.['_metadata'] === 'finish' ? 'finish' : null);
}

export function actionIcon(step: Pick<Step, 'action'>): IconName {
  const name = actionName(step);
  return (name !== null && Object.hasOwn(ICONS, name) ? ICONS[name] : undefined) ?? 'document';
}

/** Returns a short sentence such as `Tap (713, 890)`. A step without an action is described by its type. */
export function describeStep(step: Step, t: Texts['task']): string {
  const { action } = step;
  const name = actionName(step);
  if (action === null || name === null) {
    const type = Object.hasOwn(t.stepTypes, step.step_type) ? t.stepTypes[step.step_type as keyof typeof t.stepTypes] : step.step_type;
    return action === null && sizeOfAttachment(step, 'action') !== null ? t.actionTooLong(type) : type;
  }
  return describeAction(name, action, t);
}

/** Returns the sentence of an action with these fields. */
export function describeAction(name: string, action: Action, t: Texts['task']): string {
  const at = pointOf(action['element']);
  const place = at ? `(${at.join(', ')})` : '';
  const text = textOf(action['text']) ?? '';
  const message = isolate(textOf(action['message']) ?? '');
  const says = t.actions;
  switch (name) {
    case 'Tap': return says.tap(place);
    case 'Double Tap': return says.doubleTap(place);
    case 'Long Press': return says.longPress(place);
    case 'Type':
    case 'Type_Name': return says.type(isolate(text));
    case 'Launch': return says.launch(isolate(textOf(action['app']) ?? ''));
    case 'Swipe': return says.swipe[directionOf(pointOf(action['start']), pointOf(action['end']))];
    case 'Back': return says.back;
    case 'Home': return says.home;
    case 'Wait': return waitText(textOf(action['duration']), says);
    case 'Take_over': return says.takeOver(message);
    case 'Interact': return says.interact(message);
    case 'Note': return says.note(message);
    case 'finish': return says.finish(message);
    default: {
      const parameter = [action['app'], action['text'], action['message']].map(textOf).find((value) => value !== null) ?? place;
      return parameter ? `${isolate(name)} ${isolate(parameter)}` : isolate(name);
    }
  }
}

/** Letters of scripts from right to left, and characters that change the direction of a text. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Keeps a text from changing the order of the sentence around it. */
function isolate(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')}\u2069` : text;
}

/** Returns what to draw on the screen that the agent saw; null if the action has no place. */
export function markOf(step: Pick<Step, 'action'>): ActionMark | null {
  const { action } = step;
  const at = pointOf(action?.['element']);
  switch (actionName(step)) {
    case 'Tap': return at && { kind: 'tap', at };
    case 'Double Tap': return at && { kind: 'doubleTap', at };
    case 'Long Press': return at && { kind: 'longPress', at };
    case 'Swipe': {
      const [from, to] = [pointOf(action?.['start']), pointOf(action?.['end'])];
      return from && to && { kind: 'swipe', from, to };
    }
    case 'Type':
    case 'Type_Name': {
      const text = textOf(action?.['text']);
      return text === null ? null : { kind: 'text', text };
    }
    default: return null;
  }
}

/** Returns the size in bytes of a field that is too large to be a part of the step; null if the field is complete. */
export function sizeOfAttachment(step: Step, field: string): number | null {
  return step.attachments?.find((attachment) => attachment.field === field)?.original_size ?? null;
}

/** Agents state durations in English. */
function waitText(duration: string | null, says: Texts['task']['actions']): string {
  const seconds = /^(\d+(?:\.\d+)?) ?(?:s|seconds?)$/.exec(duration ?? '')?.[1];
  return seconds === undefined ? says.wait(duration ?? '') : says.waitSeconds(Number(seconds));
}

function directionOf(from: Point | null, to: Point | null): 'up' | 'down' | 'left' | 'right' | 'unknown' {
  if (from === null || to === null) {
    return 'unknown';
  }
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  if (dx === 0 && dy === 0) {
    return 'unknown';
  }
  if (Math.abs(dx) > Math.abs(dy)) {
    return dx > 0 ? 'right' : 'left';
  }
  return dy > 0 ? 'down' : 'up';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Agents may send anything: only two numbers from 0 to 1000 are a point. */
function pointOf(value: unknown): Point | null {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'number' && each >= 0 && each <= 1000)
    ? [value[0] as number, value[1] as number]
    : null;
}
