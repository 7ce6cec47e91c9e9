/** The last address of the list of tasks, in the session storage of this tab. */
const KEY = 'list';

export function rememberListAddress(address: string): void {
  sessionStorage.setItem(KEY, address);
}

/** Returns the address of the list as the user left it, at a task. */
export function listAddress(taskId: string): string {
  return `${sessionStorage.getItem(KEY) ?? '/'}#${taskId}`;
}
