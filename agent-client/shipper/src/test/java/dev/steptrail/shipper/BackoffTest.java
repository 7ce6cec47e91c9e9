package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class BackoffTest {
    @Example
    void theBoundDoublesUpToAMinute_andBeginsAnewAfterASuccess() {
        Backoff backoff = new Backoff(() -> 1);
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
            assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(seconds));
        }
        backoff.reset();
        assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
    }

    @Property(tries = 100)
    void anyPartOfTheBoundIsWaited(@ForAll Random random) {
        Backoff backoff = new Backoff(random::nextDouble);
        for (int i = 0; i < 20; i++) {
            assertThat(backoff.next()).isBetween(Duration.ZERO, Duration.ofSeconds(Math.min(60, 1L << Math.min(i, 6))));
        }
    }
}
