/** The keys of a page, with their actions. A name such as `Shift+E` includes the modifier; letters are upper case. */
export type KeyActions = Readonly<Record<string, () => void>>;

/** Keys that repeat their action while they are held down. */
const REPEATED = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'J', 'L']);

/** Keys that buttons and links use themselves. */
const ACTIVATION = new Set([' ', 'Enter']);

/** Whether a menu or a panel has the focus, which use keys themselves: they close by Escape, and menus select by letters. */
export function isInLayer(event: KeyboardEvent): boolean {
  return event.composedPath().some((element) => element instanceof Element && element.matches('wa-dropdown[open], :popover-open'));
}

/** Whether the user is typing into a field. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof Element
    && target.matches('input:not([type="checkbox"], [type="range"]), textarea, select, [contenteditable]');
}

/**
 * Returns the action of a key event; null if the page must leave it alone: other modifiers are held, the user is typing, or the
 * focused element uses the key itself.
 */
export function actionOf(event: KeyboardEvent, actions: KeyActions): (() => void) | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey, repeat } = event;
  const isBracket = key === '[' || key === ']'; // some keyboards have them with AltGr or Option
  if (event.defaultPrevented || metaKey || ((ctrlKey || altKey) && !(isBracket && event.getModifierState('AltGraph')))) {
    return null;
  }
  const name = key.length === 1 ? key.toUpperCase() : key;
  const action = actions[shiftKey && /^[A-Z]$/.test(name) ? `Shift+${name}` : name];
  const target = event.composedPath()[0];
  const isUsed = target instanceof Element && (
    isInLayer(event)
    || isTyping(event)
    || (ACTIVATION.has(key) && target.matches('button, a, summary, input, [role="option"]'))
    || (key.startsWith('Arrow') && target.matches('input, [role="tab"], [role="listbox"], [role="slider"], [role="menuitem"]'))
  );
  return action === undefined || isUsed || (repeat && !REPEATED.has(name)) ? null : action;
}
