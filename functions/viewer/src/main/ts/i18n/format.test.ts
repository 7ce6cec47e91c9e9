import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { en } from './common.ts';
import { zh } from './common.ts';
import { Format } from './format.ts';

const format = new Format(en);

/** No line ends between a number and its unit. */
const unbroken = (text: string) => text.replace(/(\d) /g, '$1\u00a0');

test('duration_ofEachSize_hasAtMostTwoUnits', () => {
  const durations: [number, string][] = [
    [0, '0 ms'], [999.4, '999 ms'], [1000, '1.0 s'], [9949, '9.9 s'], [9960, '10 s'], [59_499, '59 s'], [59_600, '1 min'], [125_000, '2 min 5 s'],
    [3_599_000, '59 min 59 s'], [3_600_000, '1 h'], [3_720_000, '1 h 2 min'], [86_400_000, '1 d'], [273_600_000, '3 d 4 h'],
  ];
  deepEqual(durations.map(([milliseconds]) => format.duration(milliseconds)), durations.map(([, text]) => unbroken(text)));
});

test('duration_ofMinutesAndMore_isRoundedToItsSmallerUnit', () => {
  const durations: [number, string][] = [
    [3_599_600, '1 h'], [3_749_000, '1 h 2 min'], [3_750_000, '1 h 3 min'], [86_399_000, '1 d'], [91_740_000, '1 d 1 h'], [91_800_000, '1 d 2 h'],
    [172_740_000, '2 d'],
  ];
  deepEqual(durations.map(([milliseconds]) => format.duration(milliseconds)), durations.map(([, text]) => unbroken(text)));
});

test('duration_unknown_isSaid', () => {
  equal(format.duration(null), 'unknown');
  equal(new Format(zh).duration(5100), unbroken('5.1 秒'));
});

test('age_ofEachSize_isInTheLargestUnit', () => {
  const now = Date.parse('2026-05-01T12:00:00Z');
  const ages = ['2026-05-01T11:59:58Z', '2026-05-01T11:55:00Z', '2026-05-01T09:00:00Z', '2026-04-29T12:00:00Z', '2026-01-02T12:00:00Z',
    '2025-12-02T12:00:00Z'];
  deepEqual(ages.map((time) => format.age(time, now)), ['2s ago', '5m ago', '3h ago', '2d ago', 'Jan 2', 'Dec 2, 2025']);
});

test('age_ofTheFuture_isZero', () => {
  equal(format.age('2026-05-01T12:00:05Z', Date.parse('2026-05-01T12:00:00Z')), '0s ago');
});

test('cost_severalCurrencies_areAdded', () => {
  equal(format.cost({ amounts: { USD: '0.012345', CNY: '12.5' }, unpriced_tokens: 0 }), '$0.012 + ¥12.50');
});

test('cost_unknown_isNull', () => {
  equal(format.cost({ amounts: {}, unpriced_tokens: 12 }), null);
  equal(format.cost(null), null);
});

test('tokens_areInputAndOutput', () => {
  equal(format.tokens({ input_tokens: 12_000, cached_tokens: 5000, output_tokens: 345 }), '12.3K');
  equal(format.tokens(null), null);
});
