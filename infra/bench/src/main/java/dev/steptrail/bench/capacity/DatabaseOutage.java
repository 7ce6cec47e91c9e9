package dev.steptrail.bench.capacity;

import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import java.time.Duration;
import java.util.List;

/** An hour without the database, while phones work on. */
final class DatabaseOutage {
    private static final Duration BEFORE = Duration.ofMinutes(30);
    private static final Duration LENGTH = Duration.ofHours(1);
    private static final Duration END = Duration.ofMinutes(150);
    private static final long BETWEEN_SAMPLES = 20_000_000;

    /** Who waits so long for ingest does not wait for the outage any more. */
    private static final long CAUGHT_UP = 10_000_000;

    private final int phones;
    private final String name;
    private final SourceSettings settings;
    private final List<Message> messages;
    private final Outage outage;
    private final Outcome outcome;

    /**
     * @param name how connecting fails
     * @param toFail how long that takes
     */
    DatabaseOutage(int phones, String name, Duration toFail, SourceSettings settings, ServiceTime service, long seed) {
        this.phones = phones;
        this.name = name;
        this.settings = settings;
        this.messages = Phones.working(phones, Phones.MEAN_STEP, END, seed);
        this.outage = Outage.of(BEFORE, LENGTH, toFail);
        this.outcome = Simulation.run(messages, settings, service, outage, BETWEEN_SAMPLES);
    }

    List<Measurement> measurements() {
        long caughtUp = outcome.caughtUp(outage.to(), CAUGHT_UP);
        long begin = Message.micros(BEFORE.dividedBy(2));
        String during = ", an hour's outage, " + name;
        return List.of(
                new Measurement(
                        "dead letters" + during,
                        "messages",
                        outcome.counts().deadLetters(),
                        messages.size(),
                        "",
                        new Bar.AtMost(0)),
                new Measurement(
                        "most receives of a message" + during,
                        "maxReceiveCount",
                        outcome.counts().mostReceives(),
                        settings.maxReceives(),
                        "",
                        new Bar.AtMost(0.1)),
                new Measurement(
                        "written after" + during,
                        "sent meanwhile",
                        outcome.rate(outage.to(), caughtUp),
                        outcome.rate(begin, outage.from()),
                        "steps/s",
                        new Bar.AtLeast(2)),
                new Measurement(
                        "until nothing waits, after" + during,
                        "the outage",
                        minutes(caughtUp - outage.to()),
                        LENGTH.toMinutes(),
                        "min",
                        new Bar.AtMost(0.5)),
                new Measurement(
                        "oldest message" + during,
                        "the outage and one visibility timeout",
                        minutes(outcome.oldestAge()),
                        minutes(outage.to() - outage.from() + Message.micros(settings.visibility())),
                        "min",
                        new Bar.AtMost(1.1)));
    }

    private static double minutes(long micros) {
        return micros / 60e6;
    }

    Chart chart() {
        List<Sample> shown = outcome.samples().stream()
                .filter(sample -> sample.at() <= Message.micros(END))
                .toList();
        Chart.Shade shade = new Chart.Shade("no database", minutes(outage.from()), minutes(outage.to()));
        return new Chart(
                "An hour without the database, " + phones + " phones at work (connecting is " + name + ")",
                END.toMinutes(),
                shade,
                List.of(Panels.messages(shown), Panels.oldest(shown, "minutes", 60e6), Panels.steps(shown)));
    }
}
