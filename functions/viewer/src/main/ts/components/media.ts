import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Widths below which pages change their layout, as in media queries of styles. */
export const NARROW = '(width < 700px)';
export const MEDIUM = '(width < 1000px)';

/** Whether a media query matches. The host renders again when that changes. */
export class Media implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #query: MediaQueryList;
  readonly #onChange = () => { this.#host.requestUpdate(); };

  constructor(host: ReactiveControllerHost, query: string) {
    this.#host = host;
    this.#query = matchMedia(query);
    host.addController(this);
  }

  get matches(): boolean {
    return this.#query.matches;
  }

  hostConnected(): void {
    this.#query.addEventListener('change', this.#onChange);
  }

  hostDisconnected(): void {
    this.#query.removeEventListener('change', this.#onChange);
  }
}
