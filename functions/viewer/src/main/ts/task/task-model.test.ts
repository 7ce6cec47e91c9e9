import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiClient } from '../api/api-client.ts';
import type { Report, Step, StepQuery } from '../api/types.ts';
import { MAX_STEP_NUMBER } from './steps.ts';
import { TaskModel } from './task-model.ts';
import { testStep } from './test-steps.ts';

/** A task whose steps have these numbers, read in pages of two steps. */
function taskOf(numbers: readonly number[]) {
  const queries: StepQuery[] = [];
  const report = { status: 'succeeded', total_steps: numbers.length } as Report;
  const steps: Step[] = numbers.map((number) => testStep(number));
  const api = {
    report: () => Promise.resolve(report),
    steps: (_: string, query: StepQuery) => {
      queries.push(query);
      const from = Math.max(query.min_number ?? 1, Number(query.cursor ?? 1));
      const rest = steps.filter(({ step_number: number }) => number >= from);
      return Promise.resolve({ steps: rest.slice(0, 2), next_cursor: rest[2] ? String(rest[2].step_number) : null });
    },
  };
  return { model: new TaskModel(api as unknown as ApiClient, 'task'), queries };
}

const numbersOf = ({ steps }: TaskModel) => steps.map(({ step_number: number }) => number);

test('follow_longTask_readsAllPages', async () => {
  const { model } = taskOf([1, 2, 3, 4, 5]);
  await model.open(1);
  deepEqual(numbersOf(model), [1, 2]);
  await model.follow();
  deepEqual(numbersOf(model), [1, 2, 3, 4, 5]);
  equal(model.isComplete, true);
});

test('open_lateStep_isReadFirst_andEarlierStepsAreAddedBeforeIt', async () => {
  const { model } = taskOf([1, 2, 90, 91]);
  await model.open(90);
  deepEqual(numbersOf(model), [90, 91]);
  await model.follow();
  deepEqual(numbersOf(model), [1, 2, 90, 91]);
});

test('open_stepAfterTheLast_readsTheLastSteps', async () => {
  const { model } = taskOf([1, 2, 3]);
  await model.open(60);
  deepEqual(numbersOf(model), [1, 2, 3]);
});

test('follow_lastValidStepNumber_readsNoHigherNumber', async () => {
  const { model, queries } = taskOf([1, MAX_STEP_NUMBER]);
  await model.open(MAX_STEP_NUMBER);
  await model.follow();
  deepEqual(numbersOf(model), [1, MAX_STEP_NUMBER]);
  equal(queries.every(({ min_number: number = 1 }) => number <= MAX_STEP_NUMBER), true);
});

test('whenComplete_resolvesAfterTheLastStepArrived', async () => {
  const { model } = taskOf([1, 2, 3]);
  await model.open(1);
  const following = model.follow();
  await model.whenComplete();
  deepEqual(numbersOf(model), [1, 2, 3]);
  await following;
});
