package dev.steptrail.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhonesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void workingPhones_sendAsManyStepsAsTheirMeanTells_inOrder_andNoneWaitsLongerThanItMay() {
        List<Message> messages = Phones.working(200, Duration.ZERO, HOUR, 1);

        double steps = messages.stream().mapToInt(Message::steps).sum();
        assertThat(steps).isCloseTo(200.0 * HOUR.toMillis() / Phones.MEAN_STEP.toMillis(), within(0.02 * steps));
        assertThat(messages).isSortedAccordingTo(Comparator.comparingLong(Message::sent));
        assertThat(messages).allSatisfy(message -> {
            assertThat(message.sent() - message.recorded()).isBetween(4_000_000L, 5_500_000L);
            assertThat(message.steps()).isBetween(1, 20);
        });
    }

    @Test
    void aNightsOutboxes_areHeavyTailed_andSentTwentyStepsAtATime() {
        List<Message> messages = Phones.afterNight(1000, Duration.ofMillis(174), 1);

        assertThat(messages.stream().mapToInt(Message::steps).sum()).isBetween(200_000, 300_000);
        assertThat(messages.stream().filter(message -> message.steps() == 20).count())
                .isGreaterThan(9L * messages.size() / 10);
        long last = messages.get(messages.size() - 1).sent();
        assertThat(Duration.ofNanos(last * 1000)).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(4));
    }

    @Test
    void theSameSeed_hasTheSameMessages_andAnotherHasOthers() {
        assertThat(Phones.working(20, HOUR, HOUR, 1)).isEqualTo(Phones.working(20, HOUR, HOUR, 1));
        assertThat(Phones.working(20, HOUR, HOUR, 1)).isNotEqualTo(Phones.working(20, HOUR, HOUR, 2));
    }
}
