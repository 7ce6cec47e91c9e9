export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PixelChanges {
  /** The share of pixels that differ, from 0 to 1. */
  readonly share: number;
  /** Boxes around what differs, largest first. */
  readonly regions: readonly Region[];
}

/** Pixels are grouped into blocks of this size. */
const BLOCK = 8;
/** Smaller differences of a channel come from compression. */
const MIN_DISTANCE = 24;
const UNVISITED = 1;
const VISITED = 2;

/**
 * Compares two images of the same size.
 *
 * @param a RGBA bytes
 * @param b RGBA bytes
 */
export function pixelChanges(a: Uint8ClampedArray, b: Uint8ClampedArray, width: number, height: number): PixelChanges {
  const columns = Math.ceil(width / BLOCK);
  const rows = Math.ceil(height / BLOCK);
  const blocks = new Uint8Array(columns * rows);
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (distance(a, b, (y * width + x) * 4) > MIN_DISTANCE) {
        count++;
        blocks[Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK)] = UNVISITED;
      }
    }
  }
  const regions = groupsOf(blocks, columns, rows).map(({ left, top, right, bottom }) => ({
    x: left * BLOCK,
    y: top * BLOCK,
    width: Math.min(width, (right + 1) * BLOCK) - left * BLOCK,
    height: Math.min(height, (bottom + 1) * BLOCK) - top * BLOCK,
  }));
  regions.sort((one, other) => other.width * other.height - one.width * one.height);
  return { share: count / (width * height), regions };
}

function distance(a: Uint8ClampedArray, b: Uint8ClampedArray, offset: number): number {
  let largest = 0;
  for (let channel = 0; channel < 3; channel++) {
    largest = Math.max(largest, Math.abs((a[offset + channel] ?? 0) - (b[offset + channel] ?? 0)));
  }
  return largest;
}

/** Returns boxes around groups of blocks that touch each other or have one block between them. */
function groupsOf(blocks: Uint8Array, columns: number, rows: number) {
  const groups = [];
  for (let start = 0; start < blocks.length; start++) {
    if (blocks[start] !== UNVISITED) {
      continue;
    }
    const group = { left: columns, top: rows, right: 0, bottom: 0 };
    const waiting = [start];
    blocks[start] = VISITED;
    for (let block = waiting.pop(); block !== undefined; block = waiting.pop()) {
      const [x, y] = [block % columns, Math.floor(block / columns)];
      group.left = Math.min(group.left, x);
      group.right = Math.max(group.right, x);
      group.top = Math.min(group.top, y);
      group.bottom = Math.max(group.bottom, y);
      for (let row = Math.max(0, y - 2); row <= Math.min(rows - 1, y + 2); row++) {
        for (let column = Math.max(0, x - 2); column <= Math.min(columns - 1, x + 2); column++) {
          const neighbour = row * columns + column;
          if (blocks[neighbour] === UNVISITED) {
            blocks[neighbour] = VISITED;
            waiting.push(neighbour);
          }
        }
      }
    }
    groups.push(group);
  }
  return groups;
}
