import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { timingBars } from './timing-bars.ts';

test('timingBars_knownParts_areInTheOrderOfAStep', () => {
  deepEqual(timingBars({ action_ms: 100, model_ms: 300, screenshot_ms: 100 }, 500), [
    { name: 'screenshot', milliseconds: 100, start: 0, length: 0.2 },
    { name: 'model', milliseconds: 300, start: 0.2, length: 0.6 },
    { name: 'action', milliseconds: 100, start: 0.8, length: 0.2 },
  ]);
});

test('timingBars_firstToken_isInsideTheModel', () => {
  deepEqual(timingBars({ time_to_first_token_ms: 100, model_ms: 200 }, 400), [
    { name: 'model', milliseconds: 200, start: 0, length: 0.5 },
    { name: 'time_to_first_token', milliseconds: 100, start: 0, length: 0.25 },
    { name: 'other', milliseconds: 200, start: 0.5, length: 0.5 },
  ]);
});

test('timingBars_withoutUsableParts_isEmpty', () => {
  deepEqual(timingBars(null, 500), []);
  deepEqual(timingBars({ model_ms: '300', retries: 2, wait_ms: -1 }, 500), []);
});
