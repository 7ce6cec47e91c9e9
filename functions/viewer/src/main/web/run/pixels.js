const BLOCK = 8;
const THRESHOLD = 24;

/**
 * Which parts of two pictures of one size differ.
 *
 * @param a,b RGBA bytes
 * @return `{share, regions: [{x, y, width, height}]}`: how much of the picture, from 0 to 1, and boxes around what differs, largest first
 */
export function changes(a, b, width, height) {
  const columns = Math.ceil(width / BLOCK);
  const rows = Math.ceil(height / BLOCK);
  const differs = new Uint8Array(columns * rows);
  let count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      if (distance(a, b, at) > THRESHOLD) {
        count++;
        differs[Math.floor(y / BLOCK) * columns + Math.floor(x / BLOCK)] = 1;
      }
    }
  }
  const regions = boxes(differs, columns, rows).map((box) => ({
    x: box.left * BLOCK,
    y: box.top * BLOCK,
    width: Math.min(width, (box.right + 1) * BLOCK) - box.left * BLOCK,
    height: Math.min(height, (box.bottom + 1) * BLOCK) - box.top * BLOCK,
  }));
  regions.sort((one, other) => other.width * other.height - one.width * one.height);
  return { share: count / (width * height), regions };
}

function distance(a, b, at) {
  return Math.max(Math.abs(a[at] - b[at]), Math.abs(a[at + 1] - b[at + 1]), Math.abs(a[at + 2] - b[at + 2]));
}

/** Around each group of blocks that touch, or have one block between them. */
function boxes(differs, columns, rows) {
  const found = [];
  for (let start = 0; start < differs.length; start++) {
    if (differs[start] !== 1) {
      continue;
    }
    const box = { left: columns, top: rows, right: 0, bottom: 0 };
    const waiting = [start];
    differs[start] = 2;
    while (waiting.length) {
      const block = waiting.pop();
      const [x, y] = [block % columns, Math.floor(block / columns)];
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
      for (let ny = Math.max(0, y - 2); ny <= Math.min(rows - 1, y + 2); ny++) {
        for (let nx = Math.max(0, x - 2); nx <= Math.min(columns - 1, x + 2); nx++) {
          const neighbour = ny * columns + nx;
          if (differs[neighbour] === 1) {
            differs[neighbour] = 2;
            waiting.push(neighbour);
          }
        }
      }
    }
    found.push(box);
  }
  return found;
}
