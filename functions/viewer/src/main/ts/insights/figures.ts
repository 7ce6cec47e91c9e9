import type { Format } from '../i18n/format.ts';

/** Reads the figures of an insight, formatted for a sentence. Missing figures are 0 or empty: later versions of the API may differ. */
export class Figures {
  readonly #figures: Readonly<Record<string, unknown>>;
  readonly #format: Format;

  constructor(figures: Readonly<Record<string, unknown>>, format: Format) {
    this.#figures = figures;
    this.#format = format;
  }

  has(name: string): boolean {
    return typeof this.#figures[name] === 'number';
  }

  value(name: string): number {
    const value = this.#figures[name];
    return typeof value === 'number' ? value : 0;
  }

  is(name: string): boolean {
    return this.#figures[name] === true;
  }

  text(name: string): string {
    const value = this.#figures[name];
    return typeof value === 'string' ? value : '';
  }

  texts(name: string): readonly string[] {
    const value = this.#figures[name];
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  }

  /** Returns the name of a text in the user's language, or the text itself. */
  oneOf(name: string, names: Readonly<Record<string, string>>): string {
    const text = this.text(name);
    return (Object.hasOwn(names, text) ? names[text] : undefined) ?? text;
  }

  /** Returns the formatted number of texts. */
  count(name: string): string {
    return this.#format.number(this.texts(name).length);
  }

  number(name: string): string {
    return this.#format.number(this.value(name));
  }

  readonly percent = (name: string): string => this.#format.percent(this.value(name));

  readonly duration = (name: string): string => this.#format.duration(this.value(name));
}
