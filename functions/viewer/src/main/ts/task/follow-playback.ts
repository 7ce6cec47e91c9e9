import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Playback } from './playback.ts';

/** The pause between the updates of two hosts while the user scrubs. */
const PAUSE_MS = 40;

const waiting = new Set<ReactiveControllerHost>();
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Renders its host when the playback changes. While the user scrubs, the hosts take turns, so that each frame has time for the stage and
 * at most one of them.
 */
export class FollowPlayback implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #playback: () => Playback;
  #followed: Playback | null = null;

  /** @param playback is called when the host is connected, after its properties are set */
  constructor(host: ReactiveControllerHost, playback: () => Playback) {
    this.#host = host;
    this.#playback = playback;
    host.addController(this);
  }

  hostConnected(): void {
    this.#followed = this.#playback();
    this.#followed.addEventListener('change', this.#onChange);
  }

  hostDisconnected(): void {
    this.#followed?.removeEventListener('change', this.#onChange);
    this.#followed = null;
    waiting.delete(this.#host);
  }

  /** Renders the host soon. Several calls before that have one effect. */
  updateLater(): void {
    waiting.add(this.#host);
    timer ??= setTimeout(updateNext, PAUSE_MS);
  }

  readonly #onChange = () => {
    if (this.#followed?.isScrubbing) {
      this.updateLater();
    } else {
      waiting.delete(this.#host);
      this.#host.requestUpdate();
    }
  };
}

function updateNext(): void {
  const [host] = waiting;
  timer = undefined;
  if (host !== undefined) {
    waiting.delete(host);
    host.requestUpdate();
    timer = setTimeout(updateNext, PAUSE_MS);
  }
}
