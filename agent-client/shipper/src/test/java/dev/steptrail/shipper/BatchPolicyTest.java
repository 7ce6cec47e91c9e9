package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BatchPolicyTest {
    @Property(tries = 500)
    void batch_hasAtMost20LinesAnd64KiB_orOneLine(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 1, max = 70_000) Integer> sizes) {
        List<OutboxLine> lines = lines(sizes);
        int start = 0;
        int from = 0;
        while (from < lines.size()) {
            List<OutboxLine> left = lines.subList(from, lines.size());
            int count = BatchPolicy.countFitting(left, start);
            long bytes = left.get(count - 1).end() - start;
            assertThat(count).isBetween(1, BatchPolicy.MAX_RECORDS);
            assertThat(count == 1 || bytes <= BatchPolicy.MAX_BYTES).isTrue();
            // It is full only if the next line would exceed a limit.
            boolean more = count < left.size()
                    && count < BatchPolicy.MAX_RECORDS
                    && left.get(count).end() - start <= BatchPolicy.MAX_BYTES;
            assertThat(more).isFalse();
            assertThat(BatchPolicy.isFull(left, count, start))
                    .isEqualTo(
                            count < left.size() || count == BatchPolicy.MAX_RECORDS || bytes >= BatchPolicy.MAX_BYTES);
            start = (int) left.get(count - 1).end();
            from += count;
        }
    }

    @Example
    void line_isSentAtLastPollBeforeFiveSeconds() {
        assertThat(BatchPolicy.isDue(Duration.ofMillis(3_999))).isFalse();
        assertThat(BatchPolicy.isDue(Duration.ofMillis(4_000))).isTrue();
    }

    @Property(tries = 500)
    void requests_containAllMessagesInOrder_withinLimits(
            @ForAll @Size(max = 80) List<@IntRange(min = 1, max = 245_760) Integer> sizes) {
        List<MessageBody> bodies = sizes.stream()
                .map(size -> new MessageBody("x".repeat(size), MessageBody.GZIP))
                .toList();

        List<List<MessageBody>> packs = BatchPolicy.splitIntoRequests(bodies, body -> body);

        List<MessageBody> unpacked = new ArrayList<>();
        packs.forEach(unpacked::addAll);
        assertThat(unpacked).isEqualTo(bodies);
        assertThat(packs).allSatisfy(pack -> {
            assertThat(pack).hasSizeBetween(1, BatchPolicy.MAX_REQUEST_MESSAGES);
            assertThat(pack.stream().mapToInt(BatchPolicy::sizeOf).sum())
                    .isLessThanOrEqualTo(BatchPolicy.MAX_REQUEST_BYTES);
        });
    }

    @Example
    void message_isMeasuredInBytes() {
        assertThat(BatchPolicy.sizeOf(new MessageBody("想", null)) - BatchPolicy.sizeOf(new MessageBody("x", null)))
                .isEqualTo(2);
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
