package dev.steptrail.shipper;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.Abortable;

/**
 * Limits the response bodies that are read into memory to 1 MiB: the SDK reads a body whole, and whatever answers at a
 * misconfigured endpoint could otherwise use up the memory of an agent.
 */
final class ResponseLimit implements ExecutionInterceptor {
    static final int MAX_BYTES = 1024 * 1024;

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        return context.responseBody().map(Limited::new);
    }

    private static final class Limited extends FilterInputStream {
        private int left = MAX_BYTES;

        Limited(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(read);
            return read;
        }

        /** Reads the rest, up to the limit, so that the connection can be reused; the HTTP client would read it to its end. */
        @Override
        public void close() throws IOException {
            try {
                transferTo(OutputStream.nullOutputStream());
            } finally {
                super.close();
            }
        }

        private void count(int read) throws IOException {
            left -= Math.max(read, 0);
            if (left < 0) {
                if (in instanceof Abortable connection) {
                    connection.abort();
                }
                throw new IOException("the response has more than " + MAX_BYTES + " bytes");
            }
        }
    }
}
