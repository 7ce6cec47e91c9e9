/**
 * Puts stored WebP pictures together to an animated one, as they are: nothing is decoded or encoded again.
 * The format: https://developers.google.com/speed/webp/docs/riff_container
 */

const HEAD = 12;
const ANIMATION = 0x02;
const ALPHA = 0x10;
/** Whatever was there before is overwritten, and nothing of the frame is left for the next. */
const ALONE = 0x03;
const LONGEST_MS = 0xffffff;

/**
 * @param frames `{blob, width, height, duration}`: each a still WebP of that size, shown for so many milliseconds
 * @return the animation as a Blob, which refers to the pictures and does not copy them
 */
export async function animate(frames) {
  const width = Math.max(...frames.map((frame) => frame.width));
  const height = Math.max(...frames.map((frame) => frame.height));
  const parts = [];
  let alpha = 0;
  for (const frame of frames) {
    const { start, end, hasAlpha } = await imageData(frame.blob);
    alpha |= hasAlpha ? ALPHA : 0;
    const size = 16 + end - start;
    parts.push(chunkHead('ANMF', size), frameHead(frame), frame.blob.slice(start, end));
    if (size % 2) {
      parts.push(new Uint8Array(1));
    }
  }
  const head = [
    chunk('VP8X', [...u32(ANIMATION | alpha), ...u24(width - 1), ...u24(height - 1)]),
    chunk('ANIM', [...u32(0xff000000), ...u16(0)]),
  ];
  const body = new Blob([...head, ...parts]);
  return new Blob(['RIFF', new Uint8Array(u32(body.size + 4)), 'WEBP', body], { type: 'image/webp' });
}

/** Where the chunks lie that are the picture itself: ALPH, VP8 or VP8L. */
async function imageData(blob) {
  const head = new Uint8Array(await blob.slice(0, HEAD).arrayBuffer());
  if (ascii(head, 0) !== 'RIFF' || ascii(head, 8) !== 'WEBP') {
    throw new Error('a picture is no WebP');
  }
  let start = null;
  let hasAlpha = false;
  for (let at = HEAD; at + 8 <= blob.size;) {
    const bytes = new Uint8Array(await blob.slice(at, at + 8).arrayBuffer());
    const kind = ascii(bytes, 0);
    const size = new DataView(bytes.buffer).getUint32(4, true);
    const end = at + 8 + size;
    hasAlpha ||= kind === 'ALPH' || kind === 'VP8L';
    if (kind === 'ALPH') {
      start = at;
    }
    if (kind === 'VP8 ' || kind === 'VP8L') {
      return { start: start ?? at, end: Math.min(blob.size, end + (size % 2)), hasAlpha };
    }
    at = end + (size % 2);
  }
  throw new Error('a picture has no image in it');
}

function frameHead({ width, height, duration }) {
  const time = Math.min(LONGEST_MS, Math.max(1, Math.round(duration)));
  return new Uint8Array([...u24(0), ...u24(0), ...u24(width - 1), ...u24(height - 1), ...u24(time), ALONE]);
}

function chunk(kind, bytes) {
  return new Blob([chunkHead(kind, bytes.length), new Uint8Array(bytes)]);
}

function chunkHead(kind, size) {
  return new Blob([kind, new Uint8Array(u32(size))]);
}

const ascii = (bytes, at) => String.fromCharCode(...bytes.subarray(at, at + 4));
const u16 = (value) => [value & 0xff, (value >> 8) & 0xff];
const u24 = (value) => [...u16(value), (value >> 16) & 0xff];
const u32 = (value) => [...u24(value), (value >>> 24) & 0xff];
