import type { ListedTask } from '../api/types.ts';

type Named = Pick<ListedTask, 'description' | 'name'>;
type Timed = Pick<ListedTask, 'started_at' | 'ended_at' | 'last_step_at'>;
type Noted = Pick<ListedTask, 'success' | 'message' | 'last_error' | 'last_step_number'>;

/** What a row says below the instruction. */
export type RowNote = { readonly kind: 'error'; readonly step: number; readonly text: string | null; readonly isLast: boolean } | { readonly kind: 'message'; readonly text: string };

/** Returns the instruction of a task or, without one, its name; empty if it has neither. */
export function instructionOf({ description, name }: Named): string {
  return description?.trim() ? description : name ?? '';
}

/** Returns the time from the start of a task to its end or, without one, to its last step, in milliseconds; null if it has neither. */
export function durationOf({ started_at: start, ended_at: end, last_step_at: lastStep }: Timed): number | null {
  const last = end ?? lastStep;
  return last === null ? null : Math.max(0, Math.floor((microseconds(last) - microseconds(start)) / 1000));
}

/** The time in microseconds, which `Date` drops; without them a duration may differ by 1 ms from that of the API. */
function microseconds(iso: string): number {
  return Date.parse(iso) * 1000 + Number(/\.\d{3}(\d{1,3})/.exec(iso)?.[1]?.padEnd(3, '0') ?? 0);
}

/** Returns the newest error of a task that did not succeed, or else its final message; null if it has neither. */
export function noteOf({ success, message, last_error: error, last_step_number: last }: Noted): RowNote | null {
  if (error && success !== true) {
    const isLast = last === null || error.step_number >= last - 1; // the last step may only report the failure
    return { kind: 'error', step: error.step_number, text: error.error, isLast };
  }
  return message ? { kind: 'message', text: message } : null;
}
