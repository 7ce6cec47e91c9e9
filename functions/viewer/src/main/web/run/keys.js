/**
 * The player's keys, each with what it does. They work wherever nobody types, and not at all while they are turned off: whoever speaks
 * to a computer may press them unawares (WCAG 2.1.4).
 */
export class Keys {
  #actions;
  #isReady;
  areOn = true;

  /**
   * @param isReady whether there is anything to do it with
   * @param actions by key
   */
  constructor(isReady, actions) {
    this.#isReady = isReady;
    this.#actions = actions;
    document.addEventListener('keydown', (event) => this.#press(event));
  }

  #press(event) {
    const target = event.composedPath()[0];
    const key = event.key.length > 1 ? event.key : event.key.toLowerCase(); // Caps Lock may be on
    const action = this.#actions[key];
    const isHere = target === document.body || target.closest?.('#main');
    if (action && this.areOn && this.#isReady() && isHere && !isHeld(event) && !isTargets(key, target)) {
      event.preventDefault();
      if (!event.repeat || MOVES.test(key)) {
        action();
      }
    }
  }
}

/** Those that go on while they are held down; what turns something on would turn it off again. */
const MOVES = /^Arrow/;

/** Whether another key makes it another one; some keyboards have brackets by AltGr, or by Option, alone. */
function isHeld(event) {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  return '[]'.includes(key)
    ? metaKey || (ctrlKey && !event.getModifierState('AltGraph'))
    : ctrlKey || metaKey || altKey || shiftKey;
}

/** Whether what has the focus does something by this key itself. */
function isTargets(key, target) {
  const isSpace = key === ' ';
  const moves = key.length > 1;
  return target.matches?.('input:not(.scrub), textarea, select, [contenteditable]')
    || (isSpace && target.matches?.('button, summary, a'))
    || (moves && target.matches?.('.scrub, [tabindex="0"]')); // what can be scrolled by keys is
}
