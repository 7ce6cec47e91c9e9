package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.template.Template.Route;
import dev.steptrail.localcloud.template.Template.Route.Throttle;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the requests of each route over all callers by a token bucket. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html">Throttling of
 *     HTTP APIs</a>
 */
final class Throttles {
    private static final Logger LOG = LoggerFactory.getLogger(Throttles.class);
    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final Map<String, Bucket> buckets = new HashMap<>();

    /** @param clock the time source that refills the buckets */
    Throttles(List<Route> routes, TimeMeter clock) {
        for (Route route : routes) {
            Throttle throttle = route.throttle();
            if (throttle != null) {
                buckets.put(route.key(), bucket(throttle, clock));
            }
        }
    }

    private static Bucket bucket(Throttle throttle, TimeMeter clock) {
        Duration perToken = Duration.ofNanos(Math.round(NANOS_PER_SECOND / throttle.throttlingRateLimit()));
        return Bucket.builder()
                .withCustomTimePrecision(clock)
                .addLimit(
                        limit -> limit.capacity(throttle.throttlingBurstLimit()).refillGreedy(1, perToken))
                .build();
    }

    /** Takes a token of the route. Returns false, and logs a warning, if there is none. */
    boolean tryAcquire(Route route) {
        Bucket bucket = buckets.get(route.key());
        if (bucket == null || bucket.tryConsume(1)) {
            return true;
        }
        LOG.warn("{}: throttled, {}", route.key(), route.throttle());
        return false;
    }
}
