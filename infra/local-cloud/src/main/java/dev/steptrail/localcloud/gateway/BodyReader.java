package dev.steptrail.localcloud.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.Content;

/**
 * Reads a request's body as it comes; no thread waits for it. Jetty's own reader fails the request when there is too much,
 * which by then may have been answered.
 */
final class BodyReader implements Runnable {
    private final Content.Source source;
    private final int maxBytes;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

    private BodyReader(Content.Source source, int maxBytes) {
        this.source = source;
        this.maxBytes = maxBytes;
    }

    /** The body once it is there; a {@link RejectedRequestException} if it is larger, or what Jetty says if it breaks off. */
    static CompletableFuture<byte[]> read(Content.Source source, int maxBytes) {
        BodyReader reader = new BodyReader(source, maxBytes);
        reader.run();
        return reader.whole;
    }

    /** Reads what there is, and asks to be run again when there is more. */
    @Override
    public void run() {
        while (!whole.isDone()) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                whole.completeExceptionally(chunk.getFailure());
                return;
            }
            add(chunk);
        }
    }

    private void add(Content.Chunk chunk) {
        ByteBuffer buffer = chunk.getByteBuffer();
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        boolean last = chunk.isLast();
        chunk.release();
        bytes.writeBytes(part);
        if (bytes.size() > maxBytes) {
            whole.completeExceptionally(new RejectedRequestException(413, "Request Entity Too Large"));
        } else if (last) {
            whole.complete(bytes.toByteArray());
        }
    }
}
