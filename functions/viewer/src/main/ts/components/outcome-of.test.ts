import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf, type TaskOutcome } from './outcome-of.ts';

const claimed = (status: TaskOutcome['status'], success: boolean | null): TaskOutcome =>
  ({ status, verdict: null, claimed_success: success, success });

test('outcomeOf_withoutVerdict_isTheClaim', () => {
  deepEqual(outcomeOf(claimed('succeeded', true)), { kind: 'success', isVerified: false, disagreement: null });
  deepEqual(outcomeOf(claimed('failed', false)), { kind: 'failure', isVerified: false, disagreement: null });
});

test('outcomeOf_withoutClaim_isTheStatus', () => {
  for (const status of ['running', 'cancelled', 'abandoned', 'archived'] as const) {
    equal(outcomeOf(claimed(status, null)).kind, status);
  }
});

test('outcomeOf_archivedTask_isItsOutcome', () => {
  equal(outcomeOf(claimed('archived', true)).kind, 'success');
});

test('outcomeOf_verdict_outranksTheClaim', () => {
  deepEqual(
    outcomeOf({ status: 'succeeded', verdict: 'fail', claimed_success: true, success: false }),
    { kind: 'failure', isVerified: true, disagreement: { claimedSuccess: true, verdict: 'fail' } },
  );
  deepEqual(
    outcomeOf({ status: 'cancelled', verdict: 'pass', claimed_success: null, success: true }),
    { kind: 'success', isVerified: true, disagreement: null },
  );
});

test('outcomeOf_verdictPass_disagreesOnlyWithAClaimOfFailure', () => {
  const passed = (claim: boolean) => outcomeOf({ status: 'failed', verdict: 'pass', claimed_success: claim, success: true });
  deepEqual(passed(false), { kind: 'success', isVerified: true, disagreement: { claimedSuccess: false, verdict: 'pass' } });
  deepEqual(passed(true), { kind: 'success', isVerified: true, disagreement: null });
});

test('outcomeOf_unclear_isNoDisagreement', () => {
  deepEqual(
    outcomeOf({ status: 'succeeded', verdict: 'unclear', claimed_success: true, success: null }),
    { kind: 'unclear', isVerified: true, disagreement: null },
  );
});
