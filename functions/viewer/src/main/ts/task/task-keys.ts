import type { KeyText } from '../components/help-dialog.ts';
import type { Texts } from '../i18n/en.ts';

/** The keys of the page, by the name of their text. */
const KEYS = [
  ['play', 'Space, K'],
  ['step', '← →, J L'],
  ['failure', 'E, Shift+E'],
  ['view', 'B'],
  ['speed', '[ ]'],
  ['fullScreen', 'Shift+F'],
  ['search', '/'],
  ['verdict', 'P, F, U'],
  ['tag', 'T'],
  ['note', 'N'],
  ['help', '?'],
] as const;
/** Keys that change the task, which a user with a share link cannot. */
const JUDGING: readonly string[] = ['verdict', 'tag', 'note'];

/** Returns the keys of the page of a task. */
export function taskKeys({ keys }: Texts['task'], isShared: boolean): KeyText[] {
  return KEYS.filter(([name]) => !isShared || !JUDGING.includes(name)).map(([name, key]) => [key, keys[name]]);
}
