import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { indexAt, layOutTimeline } from './timeline-layout.ts';

const START = Date.UTC(2026, 4, 1);

/** @param steps end in milliseconds after the start, and duration */
const layOut = (...steps: [number, number | null][]) =>
  layOutTimeline(steps.map(([end, duration]) => ({ timestamp: new Date(START + end).toISOString(), duration_ms: duration })));

const rounded = (...steps: [number, number | null][]) =>
  layOut(...steps).spans.map(({ start, end }) => [Math.round(start * 100), Math.round(end * 100)]);

test('layOutTimeline_consecutiveSteps_haveTheirDurations', () => {
  deepEqual(rounded([1000, 1000], [2000, 1000], [4000, 2000]), [[0, 25], [25, 50], [50, 100]]);
});

test('layOutTimeline_pause_isEmpty', () => {
  deepEqual(rounded([1000, 1000], [4000, 1000]), [[0, 25], [75, 100]]);
});

test('layOutTimeline_longPause_isShortened', () => {
  const { spans, shortenedPauses } = layOut([1000, 1000], [1_000_000, 1000]);
  equal(shortenedPauses.length, 1);
  equal(Math.round((spans[1]?.start ?? 0) * 12), 11);
});

test('layOutTimeline_clockGoesBackwards_staysMonotonic', () => {
  const { spans } = layOut([5000, 1000], [1000, 1000], [6000, null]);
  spans.forEach(({ start, end }, index) => {
    ok(start <= end);
    ok(start >= (spans[index - 1]?.end ?? 0));
  });
});

test('layOutTimeline_noStepOrOne_works', () => {
  deepEqual(layOut(), { spans: [], shortenedPauses: [] });
  deepEqual(rounded([0, null]), [[0, 15]]);
});

test('indexAt_pause_isTheStepBefore', () => {
  const layout = layOut([1000, 1000], [4000, 1000]);
  deepEqual([0, 0.2, 0.5, 0.75, 1].map((share) => indexAt(layout, share)), [0, 0, 0, 1, 1]);
});
