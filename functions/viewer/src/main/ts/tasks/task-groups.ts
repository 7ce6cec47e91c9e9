import type { Stats } from '../api/types.ts';
import type { Grouping } from './list-query.ts';
import { instructionOf } from './task-facts.ts';

type Statistic = Stats['stats'][number];
export type RecentOutcome = NonNullable<Statistic['recent_outcomes']>[number];

/** Tasks with the same instruction or of the same experiment. */
export interface TaskGroup {
  /** The instruction, as tasks are compared by it, or the experiment; empty for the tasks without one. */
  readonly key: string;
  readonly tasks: number;
  readonly passes: number;
  /** Tasks that passed or failed. */
  readonly judged: number;
  /** From 0 to 1; null if no task passed or failed. */
  readonly passRate: number | null;
  /** The outcomes of the newest tasks, oldest first. */
  readonly outcomes: readonly RecentOutcome[];
  readonly stepsPerTask: number | null;
  readonly medianMs: number | null;
  readonly lastStartedAt: string | null;
}

/** Returns the groups of statistics that were requested with `recent=true`, the one with the newest task first. */
export function groupsOf(stats: readonly Statistic[], grouping: Grouping): TaskGroup[] {
  return stats.filter(({ tasks }) => tasks !== null && tasks > 0).map((statistic) => ({
    key: statistic[grouping] ?? '',
    tasks: statistic.tasks ?? 0,
    passes: statistic.passes ?? 0,
    judged: (statistic.passes ?? 0) + (statistic.fails ?? 0),
    passRate: statistic.pass_rate,
    outcomes: (statistic.recent_outcomes ?? []).toReversed(),
    stepsPerTask: statistic.steps_per_task,
    medianMs: statistic.task_duration?.p50_ms ?? null,
    lastStartedAt: statistic.last_started_at ?? null,
  })).sort((a, b) => (b.lastStartedAt ?? '').localeCompare(a.lastStartedAt ?? ''));
}

/** A long instruction ends with a checksum instead of its last characters. */
const CHECKSUM = / #[0-9a-f]{8}$/;
const MAX_TEXT = 200;

/** Returns a text that all instructions of a group contain, for the search of `GET /api/tasks`, which ignores case. */
export function searchTextOf(key: string): string {
  return key.replace(CHECKSUM, '').slice(0, MAX_TEXT);
}

/** Returns whether a task belongs to the group of an instruction: case, character width, spaces and final punctuation are ignored. */
export function isInGroup(task: { description: string | null; name: string | null }, key: string): boolean {
  const text = normalize(instructionOf(task));
  return CHECKSUM.test(key) ? text.startsWith(searchTextOf(key)) : text === key;
}

function normalize(instruction: string): string {
  return instruction.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/[\s\p{Z}\p{Cc}]+/gu, ' ').trim().replace(/[ .!?。！？…]+$/, '');
}
