import { deepEqual, equal, rejects } from 'node:assert/strict';
import { mock, test } from 'node:test';
import { receive, send } from './http.ts';

/** Replaces `fetch` by one that responds with these statuses. */
function respondWith(t: { after: (restore: () => void) => void }, ...statuses: number[]): () => number {
  const fetched = mock.method(globalThis, 'fetch', () => Promise.resolve(new Response('', { status: statuses.shift() ?? 500 })));
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => {
    fetched.mock.restore();
    mock.timers.reset();
  });
  return () => fetched.mock.callCount();
}

test('send_overTheRateLimit_isSentOnceMore', async (t) => {
  const count = respondWith(t, 429, 200, 429, 429, 200);
  const statuses: number[] = [];
  for (let request = 0; request < 2; request++) {
    const response = send('https://api.example/');
    await new Promise(setImmediate);
    mock.timers.tick(1500);
    statuses.push((await response).status);
  }
  deepEqual(statuses, [200, 429]);
  equal(count(), 4);
});

test('send_error_isNotRepeated', async (t) => {
  const count = respondWith(t, 500);
  equal((await send('https://api.example/')).status, 500);
  equal(count(), 1);
});

test('receive_brokenConnection_isAProblemOfStatus0', async () => {
  await rejects(receive(() => Promise.reject(new TypeError('broken off'))), { name: 'Problem', status: 0, message: 'broken off' });
});

test('receive_abortedByTheCaller_isTheReason', async () => {
  const controller = new AbortController();
  controller.abort();
  await rejects(receive(() => Promise.reject(new TypeError('aborted')), controller.signal), { name: 'AbortError' });
});
