import type { ReactiveControllerHost } from 'lit';
import { isDialogOpen } from './dialog.ts';
import { actionOf, isInLayer, isTyping, type KeyActions } from './keyboard.ts';
import { Listen } from './listen.ts';

/**
 * Runs the actions of a page's keys while the host is connected. While a dialog is open they do nothing.
 *
 * @param actions returns the actions at the time of the event
 */
export function listenToKeys(host: ReactiveControllerHost, actions: (event: KeyboardEvent) => KeyActions): void {
  new Listen<KeyboardEvent>(host, () => document, 'keydown', (event) => {
    const action = isDialogOpen() ? null : actionOf(event, actions(event));
    if (action) {
      event.preventDefault();
      action();
    }
  });
}

/** Whether Escape is meant for the page, not for a field, nor for a dialog, a menu or a panel above it. */
export function isPageEscape(event: KeyboardEvent): boolean {
  return event.key === 'Escape' && !event.defaultPrevented && !isDialogOpen() && !isInLayer(event) && !isTyping(event);
}
