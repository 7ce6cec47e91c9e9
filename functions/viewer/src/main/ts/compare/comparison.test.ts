import { deepEqual, equal } from 'node:assert/strict';
import { mock, test } from 'node:test';
import { testStep } from '../task/test-steps.ts';
import { Comparison } from './comparison.ts';

const step = (number: number, action: string) => testStep(number, { action: { action } });

function comparison(): Comparison {
  const compared = new Comparison();
  compared.setSteps(
    [step(1, 'Home'), step(2, 'Wait'), step(3, 'Back'), step(4, 'finish')],
    [step(1, 'Home'), step(2, 'Back'), step(3, 'Note'), step(4, 'finish')]);
  return compared;
}

test('setSteps_firstSteps_selectTheFirstRow', () => {
  const compared = new Comparison();
  equal(compared.index, -1);
  deepEqual(compared.row, [null, null]);

  compared.setSteps([step(1, 'Home')], []);

  equal(compared.index, 0);
  deepEqual(compared.states, ['missing']);
});

test('setSteps_earlierSteps_keepTheSelectedStep', () => {
  const compared = new Comparison();
  compared.setSteps([step(5, 'Wait')], [step(5, 'Wait')]);

  compared.setSteps([step(1, 'Home'), step(5, 'Wait')], [step(5, 'Wait')]);

  equal(compared.index, 1);
});

test('setSteps_withoutACommonAction_alignByNumber_untilTheUserChooses', () => {
  const compared = new Comparison();
  compared.setSteps([step(1, 'Home'), step(2, 'Wait')], [step(1, 'Back'), step(2, 'Note')]);
  equal(compared.alignment, 'number');
  deepEqual(compared.states, ['different', 'different']);

  compared.setAlignment('action');
  deepEqual(compared.states, ['missing', 'missing', 'missing', 'missing']);
});

test('setAlignment_byNumber_keepsTheSelectedStep', () => {
  const compared = comparison();
  equal(compared.equalRows, 3);
  compared.selectStep(1, 3);
  equal(compared.index, 3);

  compared.setAlignment('number');

  deepEqual(compared.states, ['equal', 'different', 'different', 'equal']);
  equal(compared.row[1]?.step_number, 3);
});

test('selectDifference_goesAround', () => {
  const compared = comparison();
  const indexes = [1, 1, 1].map(() => compared.selectDifference(1) && compared.index);

  deepEqual(indexes, [1, 3, 1]);
  equal(compared.selectDifference(-1), true);
  equal(compared.index, 3);
});

test('selectDifference_equalTasks_returnsFalse', () => {
  const compared = new Comparison();
  equal(compared.selectDifference(1), false);
  compared.setSteps([step(1, 'Home')], [step(1, 'Home')]);
  equal(compared.selectDifference(1), false);
  equal(compared.index, 0);
});

test('stepAt_missingStep_returnsTheOneBefore', () => {
  const compared = comparison();
  compared.select(1);

  equal(compared.stepAt(0)?.step_number, 2);
  equal(compared.stepAt(1)?.step_number, 1);
});

test('selectBy_beyondTheEnds_stopsThere', () => {
  const compared = comparison();
  compared.selectBy(99);
  equal(compared.index, 4);
  compared.selectBy(-99);
  equal(compared.index, 0);
  compared.select(99);
  equal(compared.index, 0);
});

test('togglePlaying_playsAllRowsAndStops', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const compared = comparison();
  compared.select(3);
  compared.togglePlaying();
  mock.timers.tick(1200);
  await new Promise(setImmediate);
  equal(compared.index, 4);
  mock.timers.tick(1200);
  await new Promise(setImmediate);

  equal(compared.isPlaying, false);
  compared.togglePlaying();
  equal(compared.index, 0); // starts again
  compared.pause();
  mock.timers.reset();
});
