package dev.steptrail.bench.capacity;

import java.time.Duration;
import java.util.List;

/**
 * Phones that work without a pause, and what the cloud side does with what they send.
 *
 * @param outcome of the simulation
 * @param length of it
 */
record Fleet(
        int phones,
        SourceSettings settings,
        ServiceTime service,
        List<Message> messages,
        Outcome outcome,
        Duration length) {
    private static final long SECOND = 1_000_000;

    static Fleet simulate(int phones, SourceSettings settings, ServiceTime service, Duration length, long seed) {
        List<Message> messages = Phones.working(phones, Phones.MEAN_STEP, length, seed);
        return new Fleet(
                phones,
                settings,
                service,
                messages,
                Simulation.run(messages, settings, service, Outage.NONE, SECOND),
                length);
    }

    long steps() {
        return messages.stream().mapToLong(Message::steps).sum();
    }

    double stepsPerSecond() {
        return steps() / seconds();
    }

    double messagesPerSecond() {
        return messages.size() / seconds();
    }

    private double seconds() {
        return length.toMillis() / 1e3;
    }

    /** How many invocations there are at once, on the average. */
    double busy() {
        return outcome.counts().billed() / 1e6 / seconds();
    }

    /** How many processors are busy in Postgres, on the average. */
    double processors() {
        return databaseMicros() / 1e6 / seconds();
    }

    private double databaseMicros() {
        ServiceTime.Part part = service.database();
        return part.batch() * outcome.counts().invocations() + part.message() * messages.size() + part.step() * steps();
    }

    /** How old the oldest message is at the end, in seconds; what keeps growing is not kept up with. */
    double oldestAtEnd() {
        return outcome.samples().get((int) length.toSeconds()).oldestAge() / 1e6;
    }

    Usage usage(IngestMeasurement.Result measured, ScreenSizes sizes) {
        double steps = steps();
        Outcome.Counts counts = outcome.counts();
        return new Usage(
                messages.size() / steps,
                counts.receiveRequests() / steps,
                counts.deleteRequests() / steps,
                counts.invocations() / steps,
                counts.billed() / 1e6 / steps,
                settings.megabytes(),
                databaseMicros() / 1e6 / steps,
                measured.rowBytes(),
                measured.logBytes(),
                sizes,
                phones);
    }
}
