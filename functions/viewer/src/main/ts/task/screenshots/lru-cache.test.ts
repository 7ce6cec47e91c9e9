import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { LruCache } from './lru-cache.ts';

test('set_overTheMaximum_removesTheLeastRecentlyUsed', () => {
  const removed: string[] = [];
  const cache = new LruCache<string>(3, (value) => removed.push(value));
  cache.set('a', 'A', 1);
  cache.set('b', 'B', 1);
  cache.set('c', 'C', 1);
  equal(cache.get('a'), 'A');
  cache.set('d', 'D', 2);
  deepEqual(removed, ['B', 'C']);
  deepEqual(['a', 'b', 'c', 'd'].map((key) => cache.has(key)), [true, false, false, true]);
});

test('set_sameKey_replacesTheValue', () => {
  const removed: string[] = [];
  const cache = new LruCache<string>(2, (value) => removed.push(value));
  cache.set('a', 'old', 2);
  cache.set('a', 'new', 1);
  cache.set('b', 'B', 1);
  deepEqual(removed, ['old']);
  equal(cache.get('a'), 'new');
});

test('set_valueLargerThanTheMaximum_isKeptAlone', () => {
  const cache = new LruCache<string>(2);
  cache.set('a', 'A', 1);
  cache.set('large', 'L', 5);
  deepEqual(['a', 'large'].map((key) => cache.has(key)), [false, true]);
});
