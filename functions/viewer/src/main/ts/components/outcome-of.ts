import type { Task } from '../api/types.ts';

export type OutcomeKind = 'success' | 'failure' | 'unclear' | 'running' | 'cancelled' | 'abandoned' | 'archived' | 'ended';

export type TaskOutcome = Pick<Task, 'status' | 'verdict' | 'claimed_success' | 'success'>;

export interface Outcome {
  readonly kind: OutcomeKind;
  /** Whether a verdict decides the outcome. */
  readonly isVerified: boolean;
  /** The claim and the verdict, if they contradict each other; null otherwise. */
  readonly disagreement: { claimedSuccess: boolean; verdict: 'pass' | 'fail' } | null;
}

/** Returns the outcome of a task: the verdict that counts, or else what the agent claims, or else how the task ended. */
export function outcomeOf({ status, verdict, claimed_success: claim, success }: TaskOutcome): Outcome {
  return {
    kind: kindOf(status, verdict, success),
    isVerified: verdict !== null,
    disagreement: (verdict === 'pass' && claim === false) || (verdict === 'fail' && claim === true)
      ? { claimedSuccess: claim, verdict }
      : null,
  };
}

function kindOf(status: Task['status'], verdict: Task['verdict'], success: boolean | null): OutcomeKind {
  if (verdict === 'unclear') {
    return 'unclear';
  }
  if (verdict !== null || status === 'succeeded' || status === 'failed' || status === 'archived') {
    return success === null ? (status === 'archived' ? 'archived' : 'ended') : success ? 'success' : 'failure';
  }
  return status;
}
