package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.tracker.internal.outbox.OutboxLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BatchTest {
    @Property(tries = 500)
    void batch_hasAtMost20LinesAnd64KiB_orOneLine(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 70_000) Integer> sizes) {
        List<OutboxLine> lines = lines(sizes);
        int start = 0;
        int from = 0;
        while (from < lines.size()) {
            List<OutboxLine> left = lines.subList(from, lines.size());
            int count = Batch.countFitting(left, start);
            long bytes = left.get(count - 1).end() - start;
            assertThat(count).isBetween(1, Batch.MAX_RECORDS);
            assertThat(count == 1 || bytes <= Batch.MAX_BYTES).isTrue();
            // It is full only if the next line would exceed a limit.
            boolean more = count < left.size()
                    && count < Batch.MAX_RECORDS
                    && left.get(count).end() - start <= Batch.MAX_BYTES;
            assertThat(more).isFalse();
            assertThat(Batch.isFull(left, count, start))
                    .isEqualTo(count < left.size() || count == Batch.MAX_RECORDS || bytes >= Batch.MAX_BYTES);
            start = (int) left.get(count - 1).end();
            from += count;
        }
    }

    @Example
    void line_isSentAtLastPollBeforeFiveSeconds() {
        assertThat(Batch.isDue(Duration.ofMillis(3_999))).isFalse();
        assertThat(Batch.isDue(Duration.ofMillis(4_000))).isTrue();
    }

    private static List<OutboxLine> lines(List<Integer> sizes) {
        List<OutboxLine> lines = new ArrayList<>();
        long end = 0;
        for (int size : sizes) {
            end += size;
            lines.add(new OutboxLine(new byte[0], end));
        }
        return lines;
    }
}
