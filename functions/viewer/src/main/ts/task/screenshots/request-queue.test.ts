import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { RequestQueue } from './request-queue.ts';

/** Starts requests that end when they are released, one at a time. */
function manualQueue() {
  const queue = new RequestQueue<string>(1);
  const started: string[] = [];
  const releases: (() => void)[] = [];
  const add = (name: string, priority: number, signal?: AbortSignal) => queue.add(() => {
    started.push(name);
    return new Promise((resolve) => releases.push(() => { resolve(name); }));
  }, priority, signal);
  const releaseAll = async () => {
    while (releases.length > 0) {
      releases.shift()?.();
      await new Promise(setImmediate);
    }
  };
  return { queue, started, add, releaseAll };
}

test('add_severalPriorities_runsTheLowestNumberFirst', async () => {
  const { started, add, releaseAll } = manualQueue();
  const results = [add('running', 0), add('later', 2), add('soon', 1), add('urgent', 0)];
  await releaseAll();
  await Promise.all(results);
  deepEqual(started, ['running', 'urgent', 'soon', 'later']);
});

test('raise_waitingRequest_runsEarlier', async () => {
  const { queue, started, add, releaseAll } = manualQueue();
  const results = [add('running', 0), add('a', 1)];
  const last = add('b', 2);
  queue.raise(last, 0);
  await releaseAll();
  await Promise.all([...results, last]);
  deepEqual(started, ['running', 'b', 'a']);
});

test('add_abortedBeforeTheStart_isRejectedAndNotRun', async () => {
  const { started, add, releaseAll } = manualQueue();
  const controller = new AbortController();
  const running = add('running', 0);
  const aborted = add('aborted', 0, controller.signal);
  const rejected = rejects(aborted, { name: 'AbortError' });
  controller.abort();
  await releaseAll();
  await running;
  await rejected;
  deepEqual(started, ['running']);
});

test('add_equalPriorities_runsTheNewestFirst', async () => {
  const { started, add, releaseAll } = manualQueue();
  const results = [add('running', 1), add('older', 1), add('newer', 1)];
  await releaseAll();
  await Promise.all(results);
  deepEqual(started, ['running', 'newer', 'older']);
});

test('raise_lowerPriority_changesNothing', async () => {
  const { queue, started, add, releaseAll } = manualQueue();
  const results = [add('running', 0), add('a', 1)];
  const last = add('b', 1);
  queue.raise(last, 2);
  await releaseAll();
  await Promise.all([...results, last]);
  deepEqual(started, ['running', 'b', 'a']);
});

test('add_failingRequest_doesNotStopOthers_andTheirNumberIsBounded', async () => {
  const queue = new RequestQueue<string>(2);
  let running = 0;
  let most = 0;
  const results = await Promise.allSettled(['one', 'bad', 'two', 'three'].map((name) => queue.add(async () => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
    if (name === 'bad') {
      throw new Error(name);
    }
    return name;
  }, 0)));
  deepEqual(results.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  equal(most, 2);
});
