import type { Insight } from '../api/types.ts';

/** Kinds of insights, the most important first. */
export const KINDS = [
  'regression', 'false_success', 'flaky', 'similar_failures', 'failures_on_screen', 'path_deviation', 'slow_step', 'shorter_path',
  'frequent_sequence', 'expectation',
] as const;

export type Kind = (typeof KINDS)[number];

/** The API accepts an instruction of at most this length. */
const MAX_INSTRUCTION = 1024;

/** The insights of one instruction of one owner. */
export interface InsightGroup {
  readonly key: string;
  /** Empty for insights that cover all tasks. */
  readonly instruction: string;
  readonly owner: string;
  readonly expectation: Insight | null;
  /** The other insights, the most important first. */
  readonly insights: readonly Insight[];
}

export interface InsightFilter {
  readonly kind: Kind | null;
  /** Empty for all. */
  readonly instruction: string;
}

export function isKind(kind: string): kind is Kind {
  return (KINDS as readonly string[]).includes(kind);
}

/**
 * Adds a page of insights to groups. Groups that are already on the page keep their places. Of the new ones, those with more than an
 * expectation come first.
 */
export function addInsights(groups: readonly InsightGroup[], insights: readonly Insight[]): InsightGroup[] {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  for (const insight of insights) {
    const { instruction, owner, kind } = insight;
    const key = JSON.stringify([owner, instruction]);
    const group = byKey.get(key) ?? { key, instruction, owner, expectation: null, insights: [] };
    byKey.set(key, kind === 'expectation'
      ? { ...group, expectation: insight }
      : { ...group, insights: [...group.insights, insight].sort((a, b) => rankOf(a) - rankOf(b)) });
  }
  const all = [...byKey.values()];
  const added = all.slice(groups.length);
  const hasInsights = (group: InsightGroup) => group.insights.length > 0;
  return [...all.slice(0, groups.length), ...added.filter(hasInsights), ...added.filter((group) => !hasInsights(group))];
}

/** Reads the filter in the query of an address. Ignores what is not valid. */
export function readFilter(search: string): InsightFilter {
  const parameters = new URLSearchParams(search);
  const kind = parameters.get('kind') ?? '';
  return { kind: isKind(kind) ? kind : null, instruction: normalizeInstruction(parameters.get('instruction') ?? '') };
}

/** Returns the address of the page with a filter. */
export function addressOf({ kind, instruction }: InsightFilter): string {
  const parameters = new URLSearchParams();
  if (instruction !== '') {
    parameters.set('instruction', instruction);
  }
  if (kind !== null) {
    parameters.set('kind', kind);
  }
  return parameters.size > 0 ? `/insights?${parameters.toString()}` : '/insights';
}

/** Returns an instruction in one line without control characters, which the API rejects, and truncated to the length that it accepts. */
export function normalizeInstruction(instruction: string): string {
  return Array.from(instruction.replace(/[\s\p{Cc}]+/gu, ' ').trim()).slice(0, MAX_INSTRUCTION).join('');
}

/** Splits a step id into the id of its task and its number. */
export function parseStepId(stepId: string): { taskId: string; stepNumber: string } {
  const dot = stepId.lastIndexOf('.');
  return { taskId: stepId.slice(0, dot), stepNumber: stepId.slice(dot + 1) };
}

function rankOf({ kind }: Insight): number {
  return isKind(kind) ? KINDS.indexOf(kind) : KINDS.length;
}
