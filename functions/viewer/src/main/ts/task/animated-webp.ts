/**
 * Joins still WebP files to an animated one without decoding them.
 * Format: https://developers.google.com/speed/webp/docs/riff_container
 */

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FRAME_HEADER_BYTES = 16;
const ANIMATION_FLAG = 0x02;
const ALPHA_FLAG = 0x10;
/** The frame replaces the canvas, which is cleared after it. */
const NO_BLENDING_DISPOSE = 0x03;
const MAX_DURATION_MS = 0xffffff;
const WHITE = 0xffffffff;

export interface AnimationFrame {
  /** A still WebP image. */
  readonly file: Blob;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
}

/** Returns the animation, which refers to the files and does not copy them. Throws if a file is not a WebP image. */
export async function animateWebp(frames: readonly AnimationFrame[]): Promise<Blob> {
  const parts: BlobPart[] = [];
  let flags = ANIMATION_FLAG;
  for (const frame of frames) {
    const { start, end, hasAlpha } = await findImage(frame.file);
    flags |= hasAlpha ? ALPHA_FLAG : 0;
    const size = FRAME_HEADER_BYTES + end - start;
    parts.push('ANMF', bytes(u32(size)), bytes(frameHeader(frame)), frame.file.slice(start, end), bytes(size % 2 === 1 ? [0] : []));
  }
  const width = Math.max(...frames.map((frame) => frame.width));
  const height = Math.max(...frames.map((frame) => frame.height));
  const extended = [...u32(flags), ...u24(width - 1), ...u24(height - 1)];
  const animation = [...u32(WHITE), ...u16(0)]; // background, endless loop
  const body = new Blob([
    'VP8X', bytes(u32(extended.length)), bytes(extended), 'ANIM', bytes(u32(animation.length)), bytes(animation), ...parts,
  ]);
  return new Blob(['RIFF', bytes(u32(body.size + 4)), 'WEBP', body], { type: 'image/webp' });
}

/** Returns where the chunks with the image are: ALPH and VP8, or VP8L. */
async function findImage(file: Blob): Promise<{ start: number; end: number; hasAlpha: boolean }> {
  const header = await read(file, 0, RIFF_HEADER_BYTES);
  if (text(header, 0) !== 'RIFF' || text(header, 8) !== 'WEBP') {
    throw new Error('A screenshot is not a WebP image.');
  }
  let alphaStart: number | null = null;
  for (let offset = RIFF_HEADER_BYTES; offset + CHUNK_HEADER_BYTES <= file.size;) {
    const chunk = await read(file, offset, CHUNK_HEADER_BYTES);
    const kind = text(chunk, 0);
    const size = new DataView(chunk.buffer).getUint32(4, true);
    const end = offset + CHUNK_HEADER_BYTES + size + (size % 2);
    if (kind === 'ALPH') {
      alphaStart = offset;
    } else if (kind === 'VP8 ' || kind === 'VP8L') {
      return { start: alphaStart ?? offset, end: Math.min(file.size, end), hasAlpha: alphaStart !== null || kind === 'VP8L' };
    }
    offset = end;
  }
  throw new Error('A screenshot contains no image.');
}

function frameHeader({ width, height, durationMs }: AnimationFrame): number[] {
  const duration = Math.min(MAX_DURATION_MS, Math.max(1, Math.round(durationMs)));
  return [...u24(0), ...u24(0), ...u24(width - 1), ...u24(height - 1), ...u24(duration), NO_BLENDING_DISPOSE];
}

async function read(file: Blob, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(offset, offset + length).arrayBuffer());
}

const text = (data: Uint8Array, offset: number) => String.fromCharCode(...data.subarray(offset, offset + 4));
const bytes = (values: number[]) => new Uint8Array(values);
const u16 = (value: number) => [value & 0xff, (value >> 8) & 0xff];
const u24 = (value: number) => [...u16(value), (value >> 16) & 0xff];
const u32 = (value: number) => [...u24(value), (value >>> 24) & 0xff];
