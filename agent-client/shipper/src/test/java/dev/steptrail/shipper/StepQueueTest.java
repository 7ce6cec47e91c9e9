package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.MessageBody;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class StepQueueTest {
    @Property(tries = 500)
    void requests_containAllMessagesInOrder_withinLimits(
            @ForAll @Size(max = 80) List<@IntRange(min = 1, max = 245_760) Integer> sizes) {
        List<MessageBody> bodies = sizes.stream()
                .map(size -> new MessageBody("x".repeat(size), MessageBody.GZIP))
                .toList();

        List<List<MessageBody>> packs = StepQueue.splitIntoRequests(bodies, body -> body);

        List<MessageBody> unpacked = new ArrayList<>();
        packs.forEach(unpacked::addAll);
        assertThat(unpacked).isEqualTo(bodies);
        assertThat(packs).allSatisfy(pack -> {
            assertThat(pack).hasSizeBetween(1, StepQueue.MAX_REQUEST_MESSAGES);
            assertThat(pack.stream().mapToInt(StepQueue::sizeOf).sum())
                    .isLessThanOrEqualTo(StepQueue.MAX_REQUEST_BYTES);
        });
    }

    @Example
    void message_isMeasuredInBytes() {
        assertThat(StepQueue.sizeOf(new MessageBody("想", null)) - StepQueue.sizeOf(new MessageBody("x", null)))
                .isEqualTo(2);
    }
}
