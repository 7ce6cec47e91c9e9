import type { ApiClient } from '../api/api-client.ts';
import type { Report } from '../api/types.ts';

const SEARCHED_TASKS = 100;
/** The API accepts a text of at most this length. */
const MAX_TEXT = 200;

/** Returns the id of the newest other successful task with the same instruction; null if there is none among the newest tasks. */
export async function findLastSuccess(api: ApiClient, report: Report | null): Promise<string | null> {
  const instruction = report?.description ?? report?.name ?? '';
  if (report === null || instruction === '') {
    return null;
  }
  const { tasks } = await api.tasks({ text: instruction.slice(0, MAX_TEXT), limit: SEARCHED_TASKS });
  return tasks.find((task) =>
    task.task_id !== report.task_id && task.success === true && (task.description ?? task.name) === instruction)?.task_id ?? null;
}
