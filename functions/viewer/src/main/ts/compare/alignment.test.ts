import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Step } from '../api/types.ts';
import { testStep } from '../task/test-steps.ts';
import { MAX_STEPS_BY_ACTION, alignByAction, alignByNumber, hasTooManySteps, stateOf, type AlignedSteps } from './alignment.ts';

const launch = (number: number) => testStep(number, { action: { action: 'Launch', app: 'Clock' } });
const tap = (number: number, x: number, y: number, success: boolean | null = null) =>
  testStep(number, { action: { action: 'Tap', element: [x, y] }, success });
const back = (number: number) => testStep(number, { action: { action: 'Back' } });
const numbers = (rows: readonly AlignedSteps[]) => rows.map((row) => row.map((step) => step?.step_number ?? null));

const longer = [launch(1), tap(2, 100, 100), tap(3, 500, 500), back(4)];
const shorter = [launch(1), tap(2, 103, 98), back(3)];

test('alignByAction_additionalStep_hasNoStepBesideIt', () => {
  const rows = alignByAction(longer, shorter);

  deepEqual(numbers(rows), [[1, 1], [2, 2], [3, null], [4, 3]]);
  deepEqual(rows.map(stateOf), ['equal', 'equal', 'missing', 'equal']);
  deepEqual(numbers(alignByAction(shorter, longer)), [[1, 1], [2, 2], [null, 3], [3, 4]]);
});

test('alignByAction_withoutSteps_returnsTheStepsOfTheOther', () => {
  deepEqual(numbers(alignByAction([], shorter)), [[null, 1], [null, 2], [null, 3]]);
  deepEqual(alignByAction([], []), []);
});

test('alignByAction_tooManySteps_alignsByNumber', () => {
  const many = Array.from({ length: MAX_STEPS_BY_ACTION + 1 }, (_, index) => back(index + 1));

  equal(hasTooManySteps(many, []), true);
  equal(hasTooManySteps(many.slice(1), shorter), false);
  deepEqual(numbers(alignByAction(many, [launch(2)])).slice(0, 3), [[1, null], [2, 2], [3, null]]);
});

test('alignByNumber_stepNumbers_areSortedAndPaired', () => {
  const rows = alignByNumber([launch(1), back(30)], [back(4), back(30)]);

  deepEqual(numbers(rows), [[1, null], [null, 4], [30, 30]]);
  deepEqual(alignByNumber(longer, shorter).map(stateOf), ['equal', 'equal', 'different', 'missing']);
});

test('stateOf_failureAndSuccessOfOneAction_differ', () => {
  equal(stateOf([tap(1, 5, 5, true), tap(1, 5, 5, false)]), 'outcome');
  equal(stateOf([tap(1, 5, 5, true), tap(1, 5, 5)]), 'equal');
  equal(stateOf([tap(1, 5, 5, false), tap(2, 5, 5, false)]), 'equal');
});

test('stateOf_stepsWithoutAction_areEqualIfTheirTypeIs', () => {
  const thinking: Step = { ...testStep(1), step_type: 'thinking' };

  equal(stateOf([thinking, { ...thinking, step_number: 2 }]), 'equal');
  equal(stateOf([thinking, testStep(1)]), 'different');
  equal(stateOf([{ ...thinking, attachments: [{ field: 'action', file_hash: '', file_size: 1, original_size: 9 }] }, thinking]), 'different');
});

test('stateOf_anyJsonAsAction_isCompared', () => {
  const odd = testStep(1, { action: { action: 7, element: 'here' } });

  equal(stateOf([odd, { ...odd, step_number: 2 }]), 'equal');
  equal(stateOf([odd, testStep(1, { action: { action: 'Tap', element: ['a', null] } })]), 'different');
});
