import type { ListedTask, TaskPage } from '../api/types.ts';

export interface RefreshedRows {
  readonly rows: readonly ListedTask[];
  /** The tasks in the page that are newer than the rows. */
  readonly newTasks: readonly ListedTask[];
}

/**
 * Updates the rows of the list from a page that was read again from the start. Removes rows that the page should contain but does not,
 * because their tasks were deleted or do not match the filters any more. Adds no rows.
 *
 * @param now the time, to keep URLs of thumbnails that are still valid: a new URL of the same image would load it again
 */
export function refreshRows(rows: readonly ListedTask[], page: TaskPage, now = Date.now()): RefreshedRows {
  const shown = new Set(rows.map(({ task_id: id }) => id));
  const fresh = new Map(page.tasks.map((task) => [task.task_id, task]));
  const firstShown = page.tasks.findIndex(({ task_id: id }) => shown.has(id));
  const covered = page.next_cursor === null ? rows.length : rows.findLastIndex(({ task_id: id }) => fresh.has(id)) + 1;
  return {
    rows: rows
      .filter(({ task_id: id }, index) => index >= covered || fresh.has(id))
      .map((row) => keepThumbnail(row, fresh.get(row.task_id) ?? row, now)),
    newTasks: firstShown < 0 ? page.tasks : page.tasks.slice(0, firstShown),
  };
}

function keepThumbnail(old: ListedTask, task: ListedTask, now: number): ListedTask {
  const [before, after] = [old.thumbnail, task.thumbnail];
  const isSame = before?.step_number === after?.step_number && before?.screenshot_index === after?.screenshot_index
    && before?.sensitive === after?.sensitive;
  const isValid = before?.expires_at != null && Date.parse(before.expires_at) > now;
  return before && isSame && isValid ? { ...task, thumbnail: before } : task;
}
