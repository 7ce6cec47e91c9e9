import { receive } from '../api/http.ts';
import { Problem } from '../api/problem.ts';
import { saveFile } from '../components/save-file.ts';
import { animateWebp, type AnimationFrame } from './animated-webp.ts';
import { LATER } from './screenshots/screenshot-loader.ts';
import { screenshotsOf } from './steps.ts';
import type { TaskView } from './task-view.ts';

export const FORMATS = ['html', 'pdf', 'md', 'csv', 'json', 'zip', 'webp'] as const;
export type ExportFormat = (typeof FORMATS)[number];

const FRAME_MS = 900;
const LAST_FRAME_MS = 2500;
/** A PDF contains all screenshots, and the connection may be slow. */
const PDF_TIMEOUT_MS = 600_000;

/**
 * Saves a task as a file. The API makes HTML, PDF and ZIP files on request; the viewer makes the animation.
 *
 * @param onProgress is called with the number of loaded screenshots and their total
 * @return whether a file was saved; false for an animation of a task without screenshots
 */
export async function exportTask(
  view: TaskView, format: ExportFormat, onProgress: (loaded: number, total: number) => void): Promise<boolean> {
  const { context: { api, language }, model: { taskId } } = view;
  switch (format) {
    case 'csv':
    case 'md':
    case 'json':
      saveFile(await api.reportFile(taskId, format, language), `${taskId}.${format}`);
      return true;
    case 'html':
      location.assign(await api.exportUrl(`/api/tasks/${taskId}/report?format=html&lang=${language}&redirect=false`)); // sent as an attachment
      return true;
    case 'zip':
      location.assign(await api.exportUrl(`/api/tasks/${taskId}/export?lang=${language}&redirect=false`));
      return true;
    case 'pdf': {
      const url = await api.exportUrl(`/api/tasks/${taskId}/report?format=pdf&lang=${language}&redirect=false`);
      const response = await api.download(url, { timeoutMs: PDF_TIMEOUT_MS });
      if (!response.ok) {
        throw await Problem.of(response);
      }
      saveFile(await receive(() => response.blob()), `${taskId}.pdf`);
      return true;
    }
    case 'webp':
      return saveAnimation(view, onProgress);
  }
}

async function saveAnimation(
  { model, loader }: TaskView, onProgress: (loaded: number, total: number) => void): Promise<boolean> {
  await model.whenComplete();
  const screenshots = model.steps.flatMap(screenshotsOf).filter(({ format, sensitive }) => format === 'webp' && !sensitive);
  const frames: AnimationFrame[] = [];
  for (const [index, screenshot] of screenshots.entries()) {
    onProgress(index, screenshots.length);
    const file = await loader.file(screenshot, { priority: LATER });
    if (file !== null) {
      frames.push({ file, width: screenshot.width, height: screenshot.height, durationMs: FRAME_MS });
    }
  }
  const last = frames.pop();
  if (last === undefined) {
    return false;
  }
  saveFile(await animateWebp([...frames, { ...last, durationMs: LAST_FRAME_MS }]), `${model.taskId}.webp`);
  return true;
}
