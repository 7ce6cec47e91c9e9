import { en, type Texts } from './texts/en.ts';
import { zh } from './texts/zh.ts';

const TEXTS: Readonly<Record<string, Texts>> = { en, zh };

/**
 * Returns the first language that the viewer has, or English.
 *
 * @param preferred language tags, such as `zh-CN`, most preferred first
 */
export function chooseLanguage(preferred: readonly string[]): string {
  return preferred.map((tag) => tag.split('-', 1).join('').toLowerCase()).find((code) => Object.hasOwn(TEXTS, code)) ?? 'en';
}

/** Returns the code of the language that the user chose, or else of the browser's. */
export function language(): string {
  return chooseLanguage([localStorage.getItem('language') ?? '', ...navigator.languages]);
}

export function texts(): Texts {
  return TEXTS[language()] ?? en;
}
