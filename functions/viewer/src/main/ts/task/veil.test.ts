import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { StepScreenshot } from './steps.ts';
import { Veil } from './veil.ts';

const of = (stepNumber: number, sensitive: boolean) => ({ stepNumber, index: 0, sensitive }) as StepScreenshot;

test('covers_sensitiveScreenshots_untilTheyAreLifted', () => {
  const veil = new Veil();
  let changes = 0;
  veil.addEventListener('change', () => changes++);
  const screenshots = [of(1, false), of(2, true), of(3, true)];
  const covered = () => screenshots.map((screenshot) => veil.covers(screenshot));
  deepEqual(covered(), [false, true, true]);
  veil.lift([of(2, true)]);
  deepEqual(covered(), [false, false, true]);
  veil.liftAll();
  deepEqual(covered(), [false, false, false]);
  deepEqual(changes, 2);
});
