import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { filterSteps } from './step-filter.ts';
import { testStep } from './test-steps.ts';
import { en } from './texts.ts';

const steps = [
  { ...testStep(1, { action: { action: 'Launch', app: 'Settings' }, success: true }), thinking: 'Find the VOLUME' },
  testStep(2, { action: { action: 'Tap', element: [1, 2] }, success: false, error: 'No element' }),
  { ...testStep(30, { success: true }), action_result: { text: '音量' } },
];
const numbers = (text: string, failuresOnly = false) => filterSteps(steps, text, failuresOnly, en).map((step) => step.step_number);

test('filterSteps_text_isFoundInWhatUsersRead', () => {
  deepEqual(numbers('volume'), [1]);
  deepEqual(numbers('open settings'), [1]);
  deepEqual(numbers('no element'), [2]);
  deepEqual(numbers('音量'), [30]);
  deepEqual(numbers('30'), [30]);
  deepEqual(numbers('nothing'), []);
});

test('filterSteps_failuresOnly_isCombinedWithTheText', () => {
  deepEqual(numbers('', true), [2]);
  deepEqual(numbers('volume', true), []);
});

test('filterSteps_withoutFilter_isTheSameArray', () => {
  equal(filterSteps(steps, '', false, en), steps);
});
