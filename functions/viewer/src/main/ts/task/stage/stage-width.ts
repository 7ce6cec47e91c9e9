import type { LitElement, ReactiveController } from 'lit';
import type { Shape } from '../steps.ts';

/** The space around the screen inside a stage, in pixels. */
const PADDING = 20;

interface Options {
  /** The element with the height of the stages; null while there is none. */
  readonly frame: () => HTMLElement | null;
  /** The shapes of the screens that are shown side by side. */
  readonly shapes: () => readonly Shape[];
  /** In pixels. */
  readonly min: number;
  /** The share of the window's width that a stage may have. */
  readonly maxShare: number;
}

/** Sets the property `--stage-width` of its host to the width of the wider screen at its full height. */
export class StageWidth implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: Options;
  readonly #resize = new ResizeObserver(() => { this.#fit(); });

  constructor(host: LitElement, options: Options) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  hostUpdated(): void {
    const frame = this.#options.frame();
    if (frame) {
      this.#resize.observe(frame);
      this.#fit();
    }
  }

  hostDisconnected(): void {
    this.#resize.disconnect();
  }

  #fit(): void {
    const { frame, shapes, min, maxShare } = this.#options;
    const height = frame()?.clientHeight;
    const ratios = shapes().map((shape) => shape.width / shape.height);
    if (height === undefined || ratios.length === 0 || document.fullscreenElement) {
      return;
    }
    const wanted = (height - PADDING) * Math.max(...ratios) + PADDING;
    const width = Math.round(Math.min(innerWidth * maxShare, Math.max(min, wanted)));
    this.#host.style.setProperty('--stage-width', `${width}px`);
  }
}
