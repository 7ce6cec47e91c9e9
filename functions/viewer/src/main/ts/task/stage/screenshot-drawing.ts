import { URGENT, type ScreenshotLoader } from '../screenshots/screenshot-loader.ts';
import type { StepScreenshot } from '../steps.ts';

/** While the user scrubs, the screenshot itself is loaded only if the step stays for this time. */
const SETTLE_MS = 90;
/** A screenshot that is loaded faster replaces the last one without a message in between. */
const LOADING_AFTER_MS = 150;

export type StageState = 'shown' | 'loading' | 'none' | 'deleted' | 'failed' | 'veiled' | 'difference';

/** What the screenshots are drawn on. */
export interface DrawingSurface {
  /** @param width the width for which the screenshot was decoded; null for a thumbnail */
  paint(bitmap: ImageBitmap, screenshot: StepScreenshot, width: number | null): void;

  /** Removes the picture and shows a message. */
  clear(screenshot: StepScreenshot | null, state: StageState): void;

  /** Whether the screenshot or its thumbnail is drawn. */
  isShown(screenshot: StepScreenshot): boolean;

  /** Whether a picture of the current step is drawn. */
  isCurrentStepShown(): boolean;

  /** Returns the width in pixels at which the screenshot is shown. */
  decodedWidth(screenshot: StepScreenshot): number;
}

/** Loads screenshots and draws them: the thumbnail at once, the screenshot when it is decoded and the user stays. */
export class ScreenshotDrawing {
  readonly #surface: DrawingSurface;
  readonly #loader: ScreenshotLoader;
  #isScrubbing = false;
  #thumbnailRequest: Promise<void> | null = null;

  constructor(surface: DrawingSurface, loader: ScreenshotLoader) {
    this.#surface = surface;
    this.#loader = loader;
  }

  /** Draws no thumbnail that arrives late. */
  stop(): void {
    this.#isScrubbing = false;
  }

  /**
   * Resolves when the screenshot is drawn, when it cannot be, or when another one is to be shown.
   *
   * @param signal is aborted when another screenshot is to be shown
   */
  async draw(screenshot: StepScreenshot, isScrubbing: boolean, signal: AbortSignal): Promise<void> {
    this.#isScrubbing = isScrubbing;
    const thumbnail = this.#loader.thumbnailIfDecoded(screenshot);
    if (thumbnail) {
      this.#surface.paint(thumbnail, screenshot, null);
    }
    try {
      if (isScrubbing) {
        if (!thumbnail) {
          void this.#drawThumbnail(screenshot, signal);
        }
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        signal.throwIfAborted();
        this.#isScrubbing = false;
      }
      await this.#drawScreenshot(screenshot, signal);
    } catch {
      if (!signal.aborted) {
        this.#surface.clear(screenshot, 'failed');
      }
    }
  }

  async #drawScreenshot(screenshot: StepScreenshot, signal: AbortSignal): Promise<void> {
    const loader = this.#loader;
    const surface = this.#surface;
    const loading = setTimeout(() => {
      if (!signal.aborted && !surface.isShown(screenshot)) {
        surface.clear(screenshot, 'loading');
      }
    }, LOADING_AFTER_MS);
    try {
      if (!loader.isLoaded(screenshot) && !surface.isShown(screenshot)) {
        loader.thumbnail(screenshot, { priority: URGENT, signal }).then((bitmap) => {
          if (bitmap && !signal.aborted && !surface.isShown(screenshot)) {
            surface.paint(bitmap, screenshot, null);
          }
        }, () => undefined); // the screenshot's own request reports the error
      }
      const width = surface.decodedWidth(screenshot);
      const bitmap = await loader.bitmap(screenshot, width, { priority: URGENT, signal });
      signal.throwIfAborted();
      if (bitmap) {
        surface.paint(bitmap, screenshot, width);
      } else {
        surface.clear(screenshot, 'deleted');
      }
    } finally {
      clearTimeout(loading);
    }
  }

  /**
   * Draws the thumbnail when it is decoded. Requests one at a time, and draws it also if the user has moved on: a user who scrubs faster
   * than thumbnails arrive would see none otherwise.
   */
  async #drawThumbnail(screenshot: StepScreenshot, signal: AbortSignal): Promise<void> {
    const isLoaded = this.#loader.isThumbnailLoaded(screenshot);
    if (!isLoaded && this.#thumbnailRequest !== null) {
      return;
    }
    const request = this.#loader.thumbnail(screenshot, { priority: URGENT }).then((bitmap) => {
      const isLate = signal.aborted && (isLoaded || this.#surface.isCurrentStepShown());
      if (bitmap && this.#isScrubbing && !isLate) {
        this.#surface.paint(bitmap, screenshot, null);
      }
    }, () => undefined); // the screenshot's own request reports the error
    if (isLoaded) {
      return;
    }
    this.#thumbnailRequest = request;
    await request;
    this.#thumbnailRequest = null;
  }
}
