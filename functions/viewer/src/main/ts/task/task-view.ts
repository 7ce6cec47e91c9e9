import type { AppContext } from '../app-context.ts';
import type { Playback } from './playback.ts';
import type { ScreenshotLoader } from './screenshots/screenshot-loader.ts';
import type { TaskModel } from './task-model.ts';
import type { Veil } from './veil.ts';

/** What the parts of a task's page share. */
export interface TaskView {
  readonly context: AppContext;
  readonly model: TaskModel;
  readonly playback: Playback;
  readonly loader: ScreenshotLoader;
  readonly veil: Veil;
}
