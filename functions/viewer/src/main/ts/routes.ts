/** The custom element that shows a page, and the parameters in the page's path. */
export interface Route {
  readonly element: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Pages by path. A path that is not here shows `st-not-found-page`. */
const ROUTES: readonly { path: RegExp; element: string }[] = [];

/** @param path the path of the page's address, such as `/tasks` */
export function findRoute(path: string, routes = ROUTES): Route {
  for (const { path: pattern, element } of routes) {
    const match = pattern.exec(path);
    if (match) {
      return { element, parameters: { ...match.groups } };
    }
  }
  return { element: 'st-not-found-page', parameters: {} };
}
