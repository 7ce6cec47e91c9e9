import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { pixelChanges } from './pixel-changes.ts';

const WIDTH = 80;
const HEIGHT = 40;

function image(...areas: { x: number; y: number; size: number; value: number }[]): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(100);
  for (const { x, y, size, value } of areas) {
    for (let row = y; row < y + size; row++) {
      pixels.fill(value, (row * WIDTH + x) * 4, (row * WIDTH + x + size) * 4);
    }
  }
  return pixels;
}

test('pixelChanges_equalImages_areUnchanged', () => {
  deepEqual(pixelChanges(image(), image(), WIDTH, HEIGHT), { share: 0, regions: [] });
});

test('pixelChanges_smallDifference_isCompression', () => {
  equal(pixelChanges(image(), image({ x: 0, y: 0, size: 20, value: 120 }), WIDTH, HEIGHT).share, 0);
});

test('pixelChanges_distantAreas_areSeparateRegions_largestFirst', () => {
  const changed = image({ x: 0, y: 0, size: 8, value: 200 }, { x: 48, y: 16, size: 16, value: 200 });
  const { share, regions } = pixelChanges(image(), changed, WIDTH, HEIGHT);
  equal(share, (64 + 256) / (WIDTH * HEIGHT));
  deepEqual(regions, [{ x: 48, y: 16, width: 16, height: 16 }, { x: 0, y: 0, width: 8, height: 8 }]);
});

test('pixelChanges_neighbouringAreas_areOneRegion', () => {
  const changed = image({ x: 0, y: 0, size: 4, value: 200 }, { x: 16, y: 0, size: 4, value: 200 });
  deepEqual(pixelChanges(image(), changed, WIDTH, HEIGHT).regions, [{ x: 0, y: 0, width: 24, height: 8 }]);
});
