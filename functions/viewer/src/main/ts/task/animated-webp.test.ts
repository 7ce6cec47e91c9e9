import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { animateWebp, type AnimationFrame } from './animated-webp.ts';

const ASCII = new TextEncoder();

function chunk(kind: string, content: number[]): number[] {
  const { length } = content;
  return [...ASCII.encode(kind), length & 0xff, length >> 8, 0, 0, ...content, ...(length % 2 === 1 ? [0] : [])];
}

function still(...chunks: number[][]): Blob {
  const body = [...ASCII.encode('WEBP'), ...chunks.flat()];
  return new Blob([new Uint8Array([...ASCII.encode('RIFF'), body.length & 0xff, body.length >> 8, 0, 0, ...body])]);
}

function frame(file: Blob, width: number, height: number): AnimationFrame {
  return { file, width, height, durationMs: 900 };
}

/** Returns the chunks of a WebP file by kind. */
async function chunksOf(file: Blob): Promise<[string, Uint8Array][]> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const chunks: [string, Uint8Array][] = [];
  equal(new DataView(bytes.buffer).getUint32(4, true), bytes.length - 8);
  for (let offset = 12; offset < bytes.length;) {
    const size = new DataView(bytes.buffer).getUint32(offset + 4, true);
    chunks.push([String.fromCharCode(...bytes.subarray(offset, offset + 4)), bytes.subarray(offset + 8, offset + 8 + size)]);
    offset += 8 + size + (size % 2);
  }
  return chunks;
}

test('animateWebp_imagesOfDifferentSizes_areFramesOfTheLargestSize', async () => {
  const lossy = chunk('VP8 ', [1, 2, 3]);
  const file = await animateWebp([frame(still(lossy), 33, 17), frame(still(chunk('EXIF', [9]), chunk('VP8L', [4, 5])), 50, 11)]);
  const chunks = await chunksOf(file);
  deepEqual(chunks.map(([kind]) => kind), ['VP8X', 'ANIM', 'ANMF', 'ANMF']);
  deepEqual([...chunks[0]?.[1].subarray(4) ?? []], [49, 0, 0, 16, 0, 0]);
  deepEqual([...chunks[2]?.[1] ?? []], [0, 0, 0, 0, 0, 0, 32, 0, 0, 16, 0, 0, 900 & 0xff, 900 >> 8, 0, 3, ...lossy]);
  deepEqual([...chunks[3]?.[1].subarray(16) ?? []], chunk('VP8L', [4, 5]));
});

test('animateWebp_alphaOfALossyImage_isKept', async () => {
  const [alpha, lossy] = [chunk('ALPH', [7]), chunk('VP8 ', [1, 2])];
  const chunks = await chunksOf(await animateWebp([frame(still(chunk('VP8X', [0, 0]), alpha, lossy), 2, 2)]));
  equal(chunks[0]?.[1][0], 0x12);
  deepEqual([...chunks[2]?.[1].subarray(16) ?? []], [...alpha, ...lossy]);
});

test('animateWebp_anotherFile_isRejected', async () => {
  await rejects(animateWebp([frame(new Blob(['\u0089PNG and more bytes']), 2, 2)]), { message: 'A screenshot is not a WebP image.' });
  await rejects(animateWebp([frame(still(chunk('EXIF', [1, 2])), 2, 2)]), { message: 'A screenshot contains no image.' });
});
