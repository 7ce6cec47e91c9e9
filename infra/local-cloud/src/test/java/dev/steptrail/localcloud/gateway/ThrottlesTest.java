package dev.steptrail.localcloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.localcloud.template.Template.Route;
import dev.steptrail.localcloud.template.Template.Route.Throttle;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThrottlesTest {
    private final ManualTime time = new ManualTime();

    @Test
    void burst_isAllowed_andRefilledAtTheRate() {
        Route route = route("GET /a", new Throttle(5, 3));
        Throttles throttles = new Throttles(List.of(route), time);

        assertThat(accepted(throttles, route, 10)).isEqualTo(3);
        time.pass(Duration.ofMillis(200));
        assertThat(accepted(throttles, route, 10)).isEqualTo(1);
        time.pass(Duration.ofMillis(500));
        assertThat(accepted(throttles, route, 10)).isEqualTo(2);
        time.pass(Duration.ofHours(1));
        assertThat(accepted(throttles, route, 10)).isEqualTo(3);
    }

    @Test
    void rateBelowOnePerSecond_isApplied() {
        Route route = route("GET /a", new Throttle(0.5, 1));
        Throttles throttles = new Throttles(List.of(route), time);

        assertThat(accepted(throttles, route, 2)).isEqualTo(1);
        time.pass(Duration.ofMillis(1_999));
        assertThat(accepted(throttles, route, 2)).isZero();
        time.pass(Duration.ofMillis(1));
        assertThat(accepted(throttles, route, 2)).isEqualTo(1);
    }

    @Test
    void eachRoute_hasItsOwnLimit() {
        Route first = route("GET /a", new Throttle(1, 2));
        Route second = route("POST /a", new Throttle(1, 2));
        Route unlimited = route("GET /b", null);
        Throttles throttles = new Throttles(List.of(first, second, unlimited), time);

        assertThat(accepted(throttles, first, 5)).isEqualTo(2);
        assertThat(accepted(throttles, second, 5)).isEqualTo(2);
        assertThat(accepted(throttles, unlimited, 50)).isEqualTo(50);
    }

    private static long accepted(Throttles throttles, Route route, int requests) {
        return IntStream.range(0, requests)
                .filter(request -> throttles.tryAcquire(route))
                .count();
    }

    private static Route route(String key, Throttle throttle) {
        String[] parts = key.split(" ");
        return new Route(parts[0], parts[1], "Function", null, throttle);
    }

    private static final class ManualTime implements TimeMeter {
        private long nanos;

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public long currentTimeNanos() {
            return nanos;
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
