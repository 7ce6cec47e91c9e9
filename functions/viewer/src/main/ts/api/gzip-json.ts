/** A value that is too large to show; its sender decides how large it is. */
export class TooLargeError extends Error {}

/**
 * Reads JSON that is stored compressed.
 *
 * @param maxBytes the limit of the decompressed size
 * @throws TooLargeError if the value is larger
 */
export async function readGzipJson(compressed: ReadableStream<Uint8Array<ArrayBuffer>>, maxBytes: number): Promise<unknown> {
  const reader = compressed.pipeThrough(new DecompressionStream('gzip')).getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) {
      return JSON.parse(text + decoder.decode());
    }
    size += value.length;
    if (size > maxBytes) {
      await reader.cancel();
      throw new TooLargeError();
    }
    text += decoder.decode(value, { stream: true });
  }
}
