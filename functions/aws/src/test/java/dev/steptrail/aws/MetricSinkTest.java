package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

class MetricSinkTest {
    /** Lambda makes a log line of each write. */
    @Test
    @ResourceLock(Resources.SYSTEM_OUT)
    void line_isWrittenInOneWrite_inUtf8() {
        List<String> writes = new ArrayList<>();
        PrintStream before = System.out;
        try {
            System.setOut(new PrintStream(new Writes(writes), false, StandardCharsets.UTF_8));
            MetricSink.STANDARD_OUTPUT.write("{\"a\":\"相机\"}", null);
        } finally {
            System.setOut(before);
        }

        assertThat(writes).containsExactly("{\"a\":\"相机\"}\n");
    }

    private static final class Writes extends OutputStream {
        private final List<String> writes;

        Writes(List<String> writes) {
            this.writes = writes;
        }

        @Override
        public void write(int octet) {
            writes.add(String.valueOf((char) octet));
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            ByteArrayOutputStream some = new ByteArrayOutputStream();
            some.write(octets, offset, length);
            writes.add(some.toString(StandardCharsets.UTF_8));
        }
    }
}
