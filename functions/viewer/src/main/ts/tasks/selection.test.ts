import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { select } from './selection.ts';

const IDS = ['a', 'b', 'c', 'd'];

test('select_oneTask_changesIt', () => {
  deepEqual([...select(new Set(['a']), IDS, 'c', true)], ['a', 'c']);
  deepEqual([...select(new Set(['a', 'c']), IDS, 'a', false)], ['c']);
});

test('select_range_changesAllBetween_inBothDirections', () => {
  deepEqual([...select(new Set(['a']), IDS, 'c', true, 'a')], ['a', 'b', 'c']);
  deepEqual([...select(new Set(IDS), IDS, 'b', false, 'd')], ['a']);
});

test('select_rangeFromAHiddenTask_changesOne', () => {
  deepEqual([...select(new Set(), IDS, 'c', true, 'gone')], ['c']);
});
