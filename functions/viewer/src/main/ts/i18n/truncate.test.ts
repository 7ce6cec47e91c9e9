import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { truncate } from './truncate.ts';

test('truncate_shortText_isUnchanged', () => {
  equal(truncate('音量', 2), '音量');
});

test('truncate_longText_endsWithAnEllipsis', () => {
  equal(truncate('volume', 3), 'vol…');
});

test('truncate_betweenTheHalvesOfACharacter_omitsIt', () => {
  equal(truncate('a😀b', 2), 'a…');
  equal(truncate('a😀b', 3), 'a😀…');
});
