package dev.steptrail.bench.capacity;

import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A lab's morning: the network is back, a thousand outboxes ship what a night left in them, and all phones begin at once. */
final class Morning {
    private static final int PHONES = 1_000;
    private static final Duration END = Duration.ofMinutes(10);
    private static final long BETWEEN_SAMPLES = 2_000_000;

    /** Two screens of a step made WebP, one after the other (87 ms each, benchmark `webp`). */
    private static final Duration ENCODING = Duration.ofMillis(174);

    private final SourceSettings settings;
    private final List<Message> left;
    private final Outcome outcome;

    Morning(SourceSettings settings, ServiceTime service, long seed) {
        this.settings = settings;
        this.left = Phones.afterNight(PHONES, ENCODING, seed);
        List<Message> all = Stream.concat(left.stream(), Phones.working(PHONES, Duration.ZERO, END, seed + 1).stream())
                .sorted(Comparator.comparingLong(Message::sent))
                .toList();
        this.outcome = Simulation.run(all, settings, service, Outage.NONE, BETWEEN_SAMPLES);
    }

    List<Measurement> measurements() {
        double burst = left.get(left.size() - 1).sent() / 1e6;
        return List.of(
                new Measurement(
                        "oldest message, a lab's morning",
                        "until all outboxes are sent",
                        outcome.oldestAge() / 1e6,
                        burst,
                        "s",
                        new Bar.AtMost(0.1)),
                new Measurement(
                        "invocations at once, a lab's morning",
                        "MaximumConcurrency",
                        outcome.counts().mostBusy(),
                        settings.concurrency(),
                        "",
                        new Bar.None()));
    }

    Chart chart() {
        List<Sample> shown = outcome.samples().stream()
                .filter(sample -> sample.at() <= Message.micros(END))
                .toList();
        return new Chart(
                "A lab's morning: " + PHONES + " phones begin, and ship what a night left",
                END.toMinutes(),
                new Chart.Shade("", 0, 0),
                List.of(Panels.steps(shown), Panels.messages(shown), Panels.oldest(shown, "seconds", 1e6)));
    }
}
