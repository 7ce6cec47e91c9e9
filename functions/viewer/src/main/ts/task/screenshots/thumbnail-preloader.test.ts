import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { testStep } from '../test-steps.ts';
import { ThumbnailPreloader } from './thumbnail-preloader.ts';

const steps = Array.from({ length: 300 }, (_, index) => testStep(index + 1, { screenshots: ['before', 'after'] }));

test('moveTo_newStep_loadsTheNearestFirstAndEachOnce', async () => {
  const loaded: number[] = [];
  const preloader = new ThumbnailPreloader(({ stepNumber }) => Promise.resolve(loaded.push(stepNumber)), () => true, 2);
  preloader.moveTo(steps, 9);
  await new Promise(setImmediate);
  preloader.moveTo(steps, 10);
  await new Promise(setImmediate);
  deepEqual(loaded, [10, 11, 9, 12, 8, 13]);
});

test('moveTo_loadsThatFailOrAreNotWanted_areSkipped', async () => {
  const loaded: number[] = [];
  const preloader = new ThumbnailPreloader(
    ({ stepNumber }) => (stepNumber === 1 ? Promise.reject(new Error('no connection')) : Promise.resolve(loaded.push(stepNumber))),
    ({ stepNumber }) => stepNumber !== 2, 3);
  preloader.moveTo(steps, 0);
  await new Promise(setImmediate);
  deepEqual(loaded, [3, 4]);
});

test('stop_whileLoading_startsNoFurtherLoad', async () => {
  let started = 0;
  const releases: (() => void)[] = [];
  const load = () => {
    started++;
    return new Promise<void>((resolve) => releases.push(resolve));
  };
  const preloader = new ThumbnailPreloader(load, () => true, 300);
  preloader.moveTo(steps, 0);
  const startedBefore = started;
  preloader.stop();
  releases.forEach((release) => { release(); });
  await new Promise(setImmediate);
  equal(started, startedBefore);
  equal(started < steps.length, true);
});
