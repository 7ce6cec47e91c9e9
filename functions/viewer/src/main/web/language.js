import en from './texts/en.js';
import zh from './texts/zh.js';

const TEXTS = { en, zh };

export const languages = [{ code: 'en', name: 'English' }, { code: 'zh', name: '中文' }];

/** The one that the reader chose, else the first of the browser's that we have, else English. */
export function language() {
  const wanted = [localStorage.getItem('language'), ...navigator.languages.map((tag) => tag.split('-')[0])];
  return wanted.find((code) => code in TEXTS) ?? 'en';
}

export function texts() {
  return TEXTS[language()];
}

/** From now on, which the page shows by being loaded anew. */
export function choose(code) {
  localStorage.setItem('language', code);
  location.reload();
}
