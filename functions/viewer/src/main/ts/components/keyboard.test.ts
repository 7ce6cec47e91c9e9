import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { actionOf } from './keyboard.ts';

/** An element that matches selectors of types, attributes, `:popover-open` and `:not()`. */
class TestElement {
  readonly #type: string;
  readonly #attributes: ReadonlySet<string>;

  /** @param attributes as a selector contains them, such as `[open]`, `[role="tab"]` or `:popover-open` */
  constructor(type: string, ...attributes: string[]) {
    this.#type = type;
    this.#attributes = new Set(attributes);
  }

  matches(selectors: string): boolean {
    return selectors.split(/,\s*(?![^(]*\))/).some((selector) => this.#matchesOne(selector));
  }

  #matchesOne(selector: string): boolean {
    const [match, type = '', attributes = '', excluded] = /^([a-z-]*)((?:\[[^\]]+\]|:popover-open)*)(?::not\((.+)\))?$/.exec(selector) ?? [];
    return match !== undefined
      && (type === '' || type === this.#type)
      && (attributes.match(/\[[^\]]+\]|:popover-open/g) ?? []).every((attribute) => this.#attributes.has(attribute))
      && (excluded === undefined || !this.matches(excluded));
  }
}

Object.assign(globalThis, { Element: TestElement });

const NAMES = ['E', 'Shift+E', 'J', '[', '?', ' ', 'Enter', 'ArrowLeft'];
const BODY = new TestElement('body');

/**
 * Returns the name of the action that a key starts; null if none.
 *
 * @param path the elements that receive the event, the focused one first
 */
function nameOf(key: string, init: Partial<KeyboardEvent> & { altGraph?: boolean } = {}, ...path: TestElement[]): string | null {
  let started: string | null = null;
  const actions = Object.fromEntries(NAMES.map((name) => [name, () => { started = name; }]));
  const event = {
    key, defaultPrevented: false, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, repeat: false,
    getModifierState: (name: string) => name === 'AltGraph' && init.altGraph === true,
    composedPath: () => [...path, BODY],
    ...init,
  };
  actionOf(event as unknown as KeyboardEvent, actions)?.();
  return started;
}

test('actionOf_letter_isNamedInUpperCaseWithShift', () => {
  deepEqual([nameOf('e'), nameOf('E'), nameOf('E', { shiftKey: true }), nameOf('x')], ['E', 'E', 'Shift+E', null]);
  equal(nameOf('?', { shiftKey: true }), '?');
});

test('actionOf_otherModifierOrHandledEvent_isNull', () => {
  for (const property of ['ctrlKey', 'metaKey', 'altKey', 'defaultPrevented'] as const) {
    equal(nameOf('e', { [property]: true }), null, property);
  }
});

test('actionOf_bracketWithAltGraph_isItsAction', () => {
  equal(nameOf('[', { ctrlKey: true, altKey: true, altGraph: true }), '[');
  equal(nameOf('[', { altKey: true }), null);
  equal(nameOf('e', { altKey: true, altGraph: true }), null);
});

test('actionOf_heldKey_repeatsOnlyMoves', () => {
  deepEqual(NAMES.filter((name) => nameOf(name, { repeat: true }) !== null), ['J', 'ArrowLeft']);
});

test('actionOf_focusedElement_keepsTheKeysThatItUses', () => {
  const used = (...path: TestElement[]) => NAMES.filter((name) => name !== 'Shift+E' && nameOf(name, {}, ...path) === null);
  const all = ['E', 'J', '[', '?', ' ', 'Enter', 'ArrowLeft'];
  for (const typing of [new TestElement('input', '[type="search"]'), new TestElement('textarea'), new TestElement('div', '[contenteditable]')]) {
    deepEqual(used(typing), all);
  }
  deepEqual(used(new TestElement('input', '[type="range"]')), [' ', 'Enter', 'ArrowLeft']);
  deepEqual(used(new TestElement('button')), [' ', 'Enter']);
  deepEqual(used(new TestElement('button', '[role="tab"]')), [' ', 'Enter', 'ArrowLeft']);
  deepEqual(used(new TestElement('div', '[role="slider"]')), ['ArrowLeft']);
  deepEqual(used(new TestElement('div')), []);
});

test('actionOf_openMenuOrPanel_keepsAllKeys', () => {
  equal(nameOf('e', {}, new TestElement('wa-dropdown-item'), new TestElement('wa-dropdown', '[open]')), null);
  equal(nameOf('e', {}, new TestElement('button'), new TestElement('div', ':popover-open')), null);
  equal(nameOf('e', {}, new TestElement('button'), new TestElement('wa-dropdown')), 'E');
});
