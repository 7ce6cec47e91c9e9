import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Step } from '../../api/types.ts';
import { testStep } from '../test-steps.ts';
import { comparedScreenshots } from './compared-screenshots.ts';

const names = (steps: readonly Step[], index: number) =>
  comparedScreenshots(steps, index)?.map(({ stepNumber, role }) => `${role} ${stepNumber}`) ?? null;

test('comparedScreenshots_beforeAndAfter_areThoseOfTheStep', () => {
  deepEqual(names([testStep(1, { screenshots: ['before', 'after'] }), testStep(2, { screenshots: ['before'] })], 0), ['before 1', 'after 1']);
});

test('comparedScreenshots_withoutAfter_takesTheNextScreenshot', () => {
  const steps = [testStep(1, { screenshots: ['before'] }), testStep(2), testStep(3, { screenshots: ['before'] })];
  deepEqual(names(steps, 0), ['before 1', 'before 3']);
});

test('comparedScreenshots_lastStep_isComparedWithTheOneBefore', () => {
  const steps = [testStep(1, { screenshots: ['before', 'after'] }), testStep(2, { screenshots: ['before'] })];
  deepEqual(names(steps, 1), ['after 1', 'before 2']);
});

test('comparedScreenshots_onlyOne_isNull', () => {
  equal(names([testStep(1, { screenshots: ['before'] })], 0), null);
  equal(names([testStep(1)], 0), null);
  equal(names([], -1), null);
});
