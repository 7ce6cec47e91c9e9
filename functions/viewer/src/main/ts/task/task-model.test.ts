import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test, type mock } from 'node:test';
import type { ApiClient } from '../api/api-client.ts';
import { Problem } from '../api/problem.ts';
import type { Report, Step, StepQuery } from '../api/types.ts';
import { MAX_STEP_NUMBER } from './steps.ts';
import { TaskModel } from './task-model.ts';
import { testStep } from './test-steps.ts';

/**
 * A task whose steps have these numbers, read in pages of two steps. It changes when a step arrives and when it ends. Requests for its
 * report can fail.
 */
function taskOf(
  numbers: readonly number[], status: Report['status'] = 'succeeded', endedAt: string | null = null, fields: Partial<Report> = {},
) {
  const queries: StepQuery[] = [];
  const report = { status, total_steps: numbers.length, ended_at: endedAt, success: true, errors: [], ...fields } as unknown as Report;
  const steps: Step[] = numbers.map((number) => testStep(number));
  let failures: number[] = [];
  let version = 1;
  let polls = 0;
  const api = {
    report: () => {
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve({ ...report }) : Promise.reject(new Problem(failure, 'failed'));
    },
    taskIfChanged: (_: string, etag: string | null) => {
      polls++;
      return Promise.resolve({ task: etag === String(version) ? null : { ...report }, etag: String(version) });
    },
    steps: (_: string, query: StepQuery) => {
      queries.push(query);
      const from = Math.max(query.min_number ?? 1, Number(query.cursor ?? 1));
      const rest = steps.filter(({ step_number: number }) => number >= from);
      return Promise.resolve({ steps: rest.slice(0, 2), next_cursor: rest[2] ? String(rest[2].step_number) : null });
    },
  };
  const arrive = (number: number) => {
    steps.push(testStep(number));
    steps.sort((a, b) => a.step_number - b.step_number);
    report.total_steps = steps.length;
    version++;
  };
  const end = () => {
    report.status = 'succeeded';
    version++;
  };
  const failReports = (...statuses: number[]) => { failures = statuses; };
  return { model: new TaskModel(api as unknown as ApiClient, 'task'), queries, arrive, end, failReports, polls: () => polls };
}

/** Replaces the timers and returns a function that lets the time of one poll pass. */
function mockPolls(timers: typeof mock.timers): () => Promise<void> {
  Object.assign(globalThis, { document: { hidden: false } });
  timers.enable({ apis: ['setTimeout'] });
  return async () => {
    await new Promise(setImmediate);
    timers.tick(2000);
    await new Promise(setImmediate);
  };
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

test('open_withoutStep_showsTheLastFailedStep_ofATaskThatEndedWithoutSuccess', async () => {
  const errors = [1, 90].map((number) => ({ step_number: number, step_type: 'action', action: null, error_message: null }));
  const shown = async (status: Report['status'], fields: Partial<Report>) => taskOf([1, 2, 90, 91], status, null, fields).model.open(null);
  deepEqual(
    await Promise.all([
      shown('failed', { success: false, errors }), shown('abandoned', { success: null, errors }), shown('succeeded', { success: true, errors }),
      shown('running', { success: null, errors }), shown('failed', { success: false }),
    ]),
    [90, 90, 1, 1, 1],
  );
  const { model } = taskOf([1, 2, 90, 91], 'failed', null, { success: false, errors });
  await model.open(null);
  deepEqual(numbersOf(model), [90, 91]);
  await model.follow();
  deepEqual(numbersOf(model), [1, 2, 90, 91]);
});

test('open_withoutStep_reportIsTemporarilyUnavailable_showsTheFirst', async () => {
  const { model, failReports } = taskOf([1, 2, 3]);
  failReports(503);
  equal(await model.open(null), 1);
  deepEqual(numbersOf(model), [1, 2]);
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

test('follow_stepArrivesAfterItsSuccessor_isRead', async (t) => {
  const poll = mockPolls(t.mock.timers);
  const { model, arrive } = taskOf([1, 3], 'running');
  await model.open(1);
  const following = model.follow();
  await poll();
  arrive(2);
  await poll();
  deepEqual(numbersOf(model), [1, 2, 3]);
  model.close();
  await poll();
  await following;
});

test('follow_endedTask_isPolled15Times_forStepsThatArriveAfterTheEnd', async (t) => {
  const poll = mockPolls(t.mock.timers);
  const { model, arrive, end, polls } = taskOf([1], 'running');
  await model.open(1);
  const following = model.follow();
  end();
  for (let i = 1; i < 15; i++) {
    await poll();
  }
  equal(model.isRunning, false);
  arrive(2);
  await poll();
  deepEqual(numbersOf(model), [1, 2]);
  await poll();
  equal(polls(), 15);
  await following;
});

test('follow_taskEndedBeforeThePageWasOpened_isPolledOnlyIfItHasJustEnded', async (t) => {
  const poll = mockPolls(t.mock.timers);
  const ended = (secondsAgo: number) => taskOf([1], 'succeeded', new Date(Date.now() - secondsAgo * 1000).toISOString());
  const recent = ended(10);
  const old = ended(60);
  await recent.model.open(1);
  await old.model.open(1);
  const following = [recent.model.follow(), old.model.follow()];
  recent.arrive(2);
  old.arrive(2);
  for (let i = 0; i < 16; i++) {
    await poll();
  }
  deepEqual(numbersOf(recent.model), [1, 2]);
  deepEqual([recent.polls(), old.polls()], [15, 0]);
  await Promise.all(following);
});

test('follow_reportIsTemporarilyUnavailable_isReadAgain', async (t) => {
  const poll = mockPolls(t.mock.timers);
  const { model, failReports } = taskOf([1, 2, 3]);
  failReports(503, 503);
  await model.open(1);
  const following = model.follow();
  await new Promise(setImmediate);
  deepEqual([model.report, model.isConnected, model.isComplete], [null, false, false]);
  await poll();
  await following;
  deepEqual([model.report?.status, model.isConnected, model.isComplete], ['succeeded', true, true]);
  deepEqual(numbersOf(model), [1, 2, 3]);
});

test('follow_reportFailsForGood_rejects', async () => {
  const { model, failReports } = taskOf([1, 2, 3]);
  failReports(403, 403);
  await model.open(1);
  await rejects(model.follow(), { name: 'Problem', status: 403 });
});
