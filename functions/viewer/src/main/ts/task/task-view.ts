import type { AppContext } from '../app-context.ts';
import { Playback } from './playback.ts';
import { ScreenshotLoader } from './screenshots/screenshot-loader.ts';
import { TaskModel } from './task-model.ts';
import { Veil } from './veil.ts';

/** What the parts of a task's page share. */
export interface TaskView {
  readonly context: AppContext;
  readonly model: TaskModel;
  readonly playback: Playback;
  readonly loader: ScreenshotLoader;
  readonly veil: Veil;
}

/** Returns the view of a task that is not loaded yet. */
export function createTaskView(context: AppContext, taskId: string): TaskView {
  return {
    context,
    model: new TaskModel(context.api, taskId),
    playback: new Playback(),
    loader: new ScreenshotLoader(context.api, taskId),
    veil: new Veil(),
  };
}
