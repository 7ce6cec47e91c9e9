import { deepEqual, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { TooLargeError, readGzipJson } from './gzip-json.ts';

function compressed(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([gzipSync(text)]).stream();
}

test('readGzipJson_value_isDecompressed', async () => {
  const value = { text: '打开 '.repeat(40_000) };
  deepEqual(await readGzipJson(compressed(JSON.stringify(value)), 1_000_000), value);
});

test('readGzipJson_largerThanTheLimit_isRejected', async () => {
  await rejects(readGzipJson(compressed(JSON.stringify('x'.repeat(2_000_000))), 1_000_000), TooLargeError);
});
