import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Calls a function on an event of a target while the host is connected. By default the host renders again. */
export class Listen<E extends Event = Event> implements ReactiveController {
  readonly #target: () => EventTarget;
  readonly #type: string;
  readonly #listener: (event: Event) => void;
  #connected: EventTarget | null = null;

  /** @param target is called when the host is connected, after its properties are set */
  constructor(
    host: ReactiveControllerHost, target: () => EventTarget, type = 'change', listener: (event: E) => void = () => { host.requestUpdate(); },
  ) {
    this.#target = target;
    this.#type = type;
    this.#listener = (event) => { listener(event as E); };
    host.addController(this);
  }

  hostConnected(): void {
    this.#connected = this.#target();
    this.#connected.addEventListener(this.#type, this.#listener);
  }

  hostDisconnected(): void {
    this.#connected?.removeEventListener(this.#type, this.#listener);
    this.#connected = null;
  }
}
