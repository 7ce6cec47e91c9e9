export type Theme = 'system' | 'light' | 'dark';

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

const CHOSEN = 'theme';

/** Returns the theme that the user chose. */
export function theme(): Theme {
  const chosen = localStorage.getItem(CHOSEN);
  return THEMES.find((each) => each === chosen) ?? 'system';
}

export function setTheme(chosen: Theme): void {
  localStorage.setItem(CHOSEN, chosen);
  applyTheme();
}

/** Sets the theme of the document. Styles follow the system unless the user chose a theme. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = theme();
}
