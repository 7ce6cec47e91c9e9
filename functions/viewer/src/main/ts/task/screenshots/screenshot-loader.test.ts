import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiClient } from '../../api/api-client.ts';
import type { StepScreenshot } from '../steps.ts';
import { ScreenshotLoader } from './screenshot-loader.ts';

/** Returns a loader whose images come from a function, and the requested URLs. */
function loaderOf(image: (url: string, signal?: AbortSignal) => Response | Promise<Response>, hasThumbnails = true) {
  const requested: string[] = [];
  const api = {
    screenshots: (_: string, { min_number: first = 1 }: { min_number?: number }) => Promise.resolve({
      screenshots: [0, 1, 2].map((offset) => ({
        step_number: first + offset, screenshot_index: 0, url: `/large/${first + offset}`,
        thumbnail_url: hasThumbnails ? `/small/${first + offset}` : null,
      })),
      next_cursor: null,
    }),
    image: async (url: string, { signal }: { signal?: AbortSignal }) => {
      requested.push(url);
      return image(url, signal);
    },
  };
  return { loader: new ScreenshotLoader(api as unknown as ApiClient, 'task'), requested };
}

const of = (stepNumber: number) => ({ stepNumber, index: 0, width: 40 }) as StepScreenshot;

test('file_severalCallers_sendOneRequest', async () => {
  const { loader, requested } = loaderOf(() => new Response('image'));
  const files = await Promise.all([loader.file(of(1)), loader.file(of(1)), loader.file(of(2))]);
  deepEqual(await Promise.all(files.map(async (file) => file?.text())), ['image', 'image', 'image']);
  await loader.file(of(1));
  deepEqual(requested, ['/large/1', '/large/2']);
  deepEqual([1, 3].map((step) => loader.isLoaded(of(step))), [true, false]);
});

test('preload_withoutThumbnail_loadsTheScreenshotOnce', async () => {
  const { loader, requested } = loaderOf(() => new Response('image'), false);
  await Promise.all([loader.preload(of(1)), loader.file(of(1))]);
  deepEqual(requested, ['/large/1']);
});

test('preload_withThumbnail_loadsIt', async () => {
  const { loader, requested } = loaderOf(() => new Response('image'));
  await loader.preload(of(1));
  deepEqual(requested, ['/small/1']);
});

test('file_deletedScreenshot_isNull', async () => {
  const { loader } = loaderOf(() => new Response('', { status: 404 }));
  equal(await loader.file(of(1)), null);
});

test('file_urlThatExpiredEarly_isReadOnceMore', async () => {
  const { loader, requested } = loaderOf(() => new Response('image', { status: requested.length === 1 ? 403 : 200 }));
  equal(await (await loader.file(of(1)))?.text(), 'image');
  deepEqual(requested, ['/large/1', '/large/1']);
  const expired = loaderOf(() => new Response('', { status: 403 }));
  await rejects(expired.loader.file(of(1)), { name: 'Problem', status: 403 });
  equal(expired.requested.length, 2);
});

test('file_truncatedResponse_isAFailedRequest', async () => {
  const { loader } = loaderOf(() => new Response(new ReadableStream({ pull: (body) => { body.error(new TypeError('broken off')); } })));
  await rejects(loader.file(of(1)), { name: 'Problem', status: 0 });
});

test('file_firstCallerAborts_secondCallerGetsTheFile', async () => {
  const { loader, requested } = loaderOf((_, signal) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => { resolve(new Response('image')); }, 20);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  }));
  const turn = new AbortController();
  const first = rejects(loader.file(of(1), { signal: turn.signal }), { name: 'AbortError' });
  const second = loader.file(of(1));
  await new Promise((resolve) => setTimeout(resolve, 5));
  turn.abort();
  await first;
  equal(await (await second)?.text(), 'image');
  deepEqual(requested, ['/large/1', '/large/1']);
});
