package dev.steptrail.localcloud.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;

/**
 * Reads a request's body asynchronously. Used instead of Jetty's reader, because that fails a request with too large a
 * body even if a response was already sent.
 */
final class BodyReader implements Runnable {
    private final Content.Source source;
    private final int maxBytes;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();

    private BodyReader(Content.Source source, int maxBytes) {
        this.source = source;
        this.maxBytes = maxBytes;
    }

    /** Completes with the body. Fails with 413 if it is too large, or with Jetty's exception on a disconnect. */
    static CompletableFuture<byte[]> read(Content.Source source, int maxBytes) {
        BodyReader reader = new BodyReader(source, maxBytes);
        reader.run();
        return reader.body;
    }

    /** Reads the available bytes. Jetty calls this method again when more bytes arrive. */
    @Override
    public void run() {
        while (!body.isDone()) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                source.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                body.completeExceptionally(chunk.getFailure());
                return;
            }
            add(chunk);
        }
    }

    private void add(Content.Chunk chunk) {
        ByteBuffer buffer = chunk.getByteBuffer();
        byte[] data = new byte[buffer.remaining()];
        buffer.get(data);
        boolean last = chunk.isLast();
        chunk.release();
        bytes.writeBytes(data);
        if (bytes.size() > maxBytes) {
            body.completeExceptionally(new HttpException.RuntimeException(413, "Request Entity Too Large"));
        } else if (last) {
            body.complete(bytes.toByteArray());
        }
    }
}
