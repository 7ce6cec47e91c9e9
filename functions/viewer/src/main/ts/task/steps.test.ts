import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Step } from '../api/types.ts';
import { hasFailed, indexOfStep, screenshotOf, screenshotsOf, viewOf } from './steps.ts';
import { testStep } from './test-steps.ts';

const withRoles = (...roles: ('before' | 'after' | 'other')[]): Step => testStep(3, { screenshots: roles });

test('screenshotsOf_severalOfOneRole_areCounted', () => {
  deepEqual(screenshotsOf(withRoles('before', 'other', 'other', 'after')).map(viewOf), ['before', 'other', 'other 2', 'after']);
});

test('screenshotOf_missingView_isTheFirst', () => {
  equal(screenshotOf(withRoles('other', 'before'), 'after')?.role, 'other');
  equal(screenshotOf(withRoles(), 'before'), null);
});

test('hasFailed_unknownSuccessWithError_isAFailure', () => {
  equal(hasFailed({ success: null, error_message: 'timeout' }), true);
  equal(hasFailed({ success: null, error_message: '' }), true);
  equal(hasFailed({ success: null, error_message: null }), false);
  equal(hasFailed({ success: true, error_message: 'ignored' }), false);
  equal(hasFailed({ success: false, error_message: null }), true);
});

test('indexOfStep_missingNumber_isTheNextOne', () => {
  const steps = [2, 5, 9].map((number) => testStep(number));
  deepEqual([1, 2, 3, 5, 6, 9, 10].map((number) => indexOfStep(steps, number)), [0, 0, 1, 1, 2, 2, 2]);
  equal(indexOfStep([], 1), -1);
});
