import { en } from './en.ts';
import type { Texts } from './en.ts';
import { zh } from './zh.ts';

export const LANGUAGES: readonly { code: string; name: string }[] = [{ code: 'en', name: 'English' }, { code: 'zh', name: '中文' }];

const TEXTS: Readonly<Record<string, Texts>> = { en, zh };
const CHOSEN = 'language';

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
  return chooseLanguage([localStorage.getItem(CHOSEN) ?? '', ...navigator.languages]);
}

/** Saves the user's choice and loads the page again in this language. */
export function setLanguage(code: string): void {
  localStorage.setItem(CHOSEN, code);
  location.reload();
}

export function texts(): Texts {
  return TEXTS[language()] ?? en;
}
