import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiClient } from '../../api/api-client.ts';
import type { StepScreenshot } from '../steps.ts';
import { ScreenshotUrls } from './screenshot-urls.ts';

interface Query {
  min_number?: number;
  cursor?: string;
}

function urlsOf(read: (query: Query) => Promise<{ screenshots: object[]; next_cursor: string | null }>): ScreenshotUrls {
  return new ScreenshotUrls({ screenshots: (_: string, query: Query) => read(query) } as unknown as ApiClient, 'task');
}

function entry(step: number, url: string) {
  return { step_number: step, screenshot_index: 0, url, thumbnail_url: null };
}

const of = (stepNumber: number) => ({ stepNumber, index: 0 }) as StepScreenshot;

test('find_blockOfSeveralPages_isReadOnceForAllCallers', async () => {
  const pages: Record<string, [number, number, string | null]> = { '': [1, 20, 'b'], b: [21, 30, 'c'], c: [31, 50, 'd'], d: [51, 60, null] };
  const read: string[] = [];
  const urls = urlsOf(({ min_number: first, cursor = '' }) => {
    read.push(`${first} ${cursor}`);
    const [from, to, next] = pages[cursor] ?? [0, 0, null];
    return Promise.resolve({ screenshots: [from, to].map((step) => entry(step, `https://s3.example/${step}?X-Amz-Expires=300`)), next_cursor: next });
  });
  const found = await Promise.all([50, 1, 21].map(async (step) => new URL((await urls.find(of(step)))?.url ?? '').pathname));
  deepEqual(found, ['/50', '/1', '/21']);
  deepEqual(read, ['1 ', '1 b', '1 c']);
});

test('find_missingScreenshot_isNull', async () => {
  const urls = urlsOf(() => Promise.resolve({ screenshots: [entry(1, '/1')], next_cursor: null }));
  equal(await urls.find(of(7)), null);
});

test('find_expiredUrls_areReadAgain', async () => {
  let reads = 0;
  const urls = urlsOf(() => Promise.resolve({ screenshots: [entry(1, `https://s3.example/${++reads}?X-Amz-Expires=20`)], next_cursor: null }));
  const first = await urls.find(of(1));
  const second = await urls.find(of(1));
  notEqual(first?.url, second?.url);
});

test('find_relativeUrls_doNotExpire', async () => {
  let reads = 0;
  const urls = urlsOf(() => {
    reads++;
    return Promise.resolve({ screenshots: [entry(1, '/api/shared/steps/1.1/screenshot?index=0')], next_cursor: null });
  });
  equal(await urls.find(of(1)), await urls.find(of(1)));
  equal(reads, 1);
});

test('discard_readsTheBlockAgain_butKeepsOthers', async () => {
  const read: number[] = [];
  const urls = urlsOf(({ min_number: first = 0 }) => {
    read.push(first);
    return Promise.resolve({ screenshots: [entry(first, `https://s3.example/${read.length}?X-Amz-Expires=300`)], next_cursor: null });
  });
  const [early, late] = [await urls.find(of(1)), await urls.find(of(51))];
  if (early === null || late === null) {
    throw new Error('both exist');
  }
  await urls.discard(of(51), early); // not a URL of this block
  equal(await urls.find(of(51)), late);
  await urls.discard(of(1), early);
  notEqual(await urls.find(of(1)), early);
  equal(await urls.find(of(51)), late);
  deepEqual(read, [1, 51, 1]);
});
