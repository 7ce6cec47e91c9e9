package dev.steptrail.endtoend.viewer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the chunks of WebP files (https://developers.google.com/speed/webp/docs/riff_container). */
final class AnimatedWebp {
    private static final int FRAME_HEAD = 16;

    private AnimatedWebp() {}

    /** A frame's image chunks and its duration. */
    record Frame(byte[] image, int milliseconds) {}

    private record Chunk(String kind, byte[] content) {}

    static List<Frame> read(byte[] webp) {
        List<Frame> frames = new ArrayList<>();
        for (Chunk chunk : chunksOf(webp)) {
            if (chunk.kind().equals("ANMF")) {
                ByteBuffer content = ByteBuffer.wrap(chunk.content()).order(ByteOrder.LITTLE_ENDIAN);
                byte[] image = new byte[chunk.content().length - FRAME_HEAD];
                content.get(FRAME_HEAD, image);
                frames.add(new Frame(image, content.getInt(12) & 0xffffff));
            }
        }
        return frames;
    }

    /** Returns the image chunk of a still image, including its chunk header. */
    static byte[] image(byte[] webp) {
        for (Chunk chunk : chunksOf(webp)) {
            if (chunk.kind().equals("VP8 ") || chunk.kind().equals("VP8L")) {
                int size = chunk.content().length;
                return ByteBuffer.allocate(8 + size + size % 2)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(chunk.kind().getBytes(StandardCharsets.US_ASCII))
                        .putInt(size)
                        .put(chunk.content())
                        .array();
            }
        }
        throw new IllegalArgumentException("the file contains no image");
    }

    private static List<Chunk> chunksOf(byte[] webp) {
        ByteBuffer bytes = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        if (!kind(bytes).equals("RIFF")
                || bytes.getInt() != webp.length - 8
                || !kind(bytes).equals("WEBP")) {
            throw new IllegalArgumentException("not a WebP file, or truncated");
        }
        List<Chunk> chunks = new ArrayList<>();
        while (bytes.hasRemaining()) {
            String kind = kind(bytes);
            byte[] content = new byte[bytes.getInt()];
            bytes.get(content);
            bytes.position(bytes.position() + content.length % 2);
            chunks.add(new Chunk(kind, content));
        }
        return chunks;
    }

    private static String kind(ByteBuffer bytes) {
        byte[] kind = new byte[4];
        bytes.get(kind);
        return new String(kind, StandardCharsets.US_ASCII);
    }
}
