/**
 * Returns the selection after a task was selected or deselected.
 *
 * @param ids the tasks in the order of the rows
 * @param from where a range starts: all tasks between both change; null for a single task
 */
export function select(
  selected: ReadonlySet<string>, ids: readonly string[], id: string, isSelected: boolean, from: string | null = null): ReadonlySet<string> {
  const [start, end] = [from === null ? -1 : ids.indexOf(from), ids.indexOf(id)];
  const changed = start < 0 || end < 0 ? [id] : ids.slice(Math.min(start, end), Math.max(start, end) + 1);
  const result = new Set(selected);
  changed.forEach((each) => (isSelected ? result.add(each) : result.delete(each)));
  return result;
}
