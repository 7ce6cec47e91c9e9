package dev.steptrail.tracker.outbox;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Reads whole lines from an offset on; an unfinished last line waits for its end. */
final class LineReader implements Closeable {
    /** Of a longer line only so much is kept: no record is that long, and what is cut here is no JSON any more. */
    static final int MAX_LINE_BYTES = 32 * 1024 * 1024;

    private final InputStream in;
    private long position;

    private LineReader(InputStream in, long position) {
        this.in = in;
        this.position = position;
    }

    static LineReader open(Path file, long offset) throws IOException {
        FileChannel channel = PlainFile.open(file, StandardOpenOption.READ);
        channel.position(offset);
        return new LineReader(new BufferedInputStream(Channels.newInputStream(channel), 64 * 1024), offset);
    }

    @Nullable
    OutboxLine next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        long read = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            read++;
            if (b == '\n') {
                position += read;
                return new OutboxLine(line.toByteArray(), position);
            }
            if (line.size() < MAX_LINE_BYTES) {
                line.write(b);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
