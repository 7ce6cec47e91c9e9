import type { ApiClient } from '../api/api-client.ts';
import type { ListedTask, Report } from '../api/types.ts';
import type { TaskView } from './task-view.ts';

const SEARCHED_TASKS = 100;
/** The API accepts a text of at most this length. */
const MAX_TEXT = 200;

/**
 * Opens the comparison of a task with the last success of its instruction, at its last failed step, or at the end of the success if that
 * is shorter. Shows a message if there is none.
 */
export async function compareWithLastSuccess({ context: { api, shell, t }, model }: TaskView): Promise<void> {
  const success = await findLastSuccess(api, model.report);
  if (success === null) {
    shell.toast(t.task.bar.noSuccess);
  } else {
    const failedStep = model.report?.errors.at(-1)?.step_number;
    const step = failedStep === undefined ? '' : `#b=${Math.min(failedStep, success.total_steps)}`;
    location.assign(`/compare?a=${success.task_id}&b=${model.taskId}${step}`);
  }
}

/**
 * Returns the newest other successful task with the same instruction, of the same model if there is one; null if there is none among the
 * newest tasks.
 */
async function findLastSuccess(api: ApiClient, report: Report | null): Promise<ListedTask | null> {
  const instruction = report?.description ?? report?.name ?? '';
  if (report === null || instruction === '') {
    return null;
  }
  const { tasks } = await api.tasks({ text: instruction.slice(0, MAX_TEXT), limit: SEARCHED_TASKS });
  const successes = tasks.filter((task) =>
    task.task_id !== report.task_id && task.success === true && (task.description ?? task.name) === instruction);
  return (successes.find(({ model }) => model === report.model) ?? successes[0]) ?? null;
}
