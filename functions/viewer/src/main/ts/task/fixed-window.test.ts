import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { visibleRange } from './fixed-window.ts';

test('visibleRange_middle_hasOverscanOnBothSides', () => {
  deepEqual(visibleRange(300, 90, 30, 100, 2), { first: 8, end: 15 });
});

test('visibleRange_ends_staysInTheList', () => {
  deepEqual(visibleRange(0, 90, 30, 100, 2), { first: 0, end: 5 });
  deepEqual(visibleRange(2910, 90, 30, 100, 2), { first: 95, end: 100 });
  deepEqual(visibleRange(0, 90, 30, 1, 2), { first: 0, end: 1 });
});

test('visibleRange_scrolledBeyondAShrunkList_isEmpty', () => {
  deepEqual(visibleRange(3000, 90, 30, 10, 2), { first: 10, end: 10 });
});
