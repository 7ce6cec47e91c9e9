/** The custom element that shows a page, and the parameters in the page's path. */
export interface Route {
  readonly element: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the page shows a task by a share link, without signing in. */
  readonly isShared: boolean;
  /** Whether the page has the height of the window. */
  readonly fillsWindow: boolean;
}

interface Pattern {
  readonly path: RegExp;
  readonly element: string;
  readonly isShared?: boolean;
  readonly fillsWindow?: boolean;
}

/** Pages by path. */
const PATTERNS: readonly Pattern[] = [
  { path: /^\/(tasks)?$/, element: 'st-tasks-page' },
  { path: /^\/tasks\/(?<taskId>[0-9a-f-]{36})$/i, element: 'st-task-page', fillsWindow: true },
  { path: /^\/compare$/, element: 'st-compare-page', fillsWindow: true },
  { path: /^\/insights$/, element: 'st-insights-page' },
  { path: /^\/shared\/(?<taskId>[0-9a-f-]{36})$/i, element: 'st-task-page', isShared: true, fillsWindow: true },
];

/**
 * Returns the page of a path; null if there is none.
 *
 * @param path such as `/tasks`
 */
export function findRoute(path: string, patterns = PATTERNS): Route | null {
  for (const { path: pattern, element, isShared = false, fillsWindow = false } of patterns) {
    const match = pattern.exec(path);
    if (match) {
      return { element, parameters: { ...match.groups }, isShared, fillsWindow };
    }
  }
  return null;
}
