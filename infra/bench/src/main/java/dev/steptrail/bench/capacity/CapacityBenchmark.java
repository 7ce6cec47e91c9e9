package dev.steptrail.bench.capacity;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the cloud side takes: bursts, and an hour without the database, in a simulation with the template's numbers. */
public final class CapacityBenchmark implements Benchmark {
    private static final long SEED = 20260301;
    private static final Path INFRA = Path.of("infra");

    /** So many megabytes give a function one processor. */
    private static final double MEGABYTES_OF_PROCESSOR = 1_769;

    /** Microseconds of a batch on its way to Postgres and back: ten round trips of 1 ms, an assumption. */
    private static final double ROUND_TRIPS = 10_000;

    /** That of Connector. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(25);

    private static final Duration REFUSED = Duration.ofMillis(50);
    private static final Duration FLEETS = Duration.ofMinutes(3);

    @Override
    public String name() {
        return "capacity";
    }

    @Override
    public String description() {
        return "A simulation, and so no measurement of AWS: messages of phones through queue, event source and ingest with the numbers of "
                + "sam-template.yaml, and with the service time that the ingest function's handler has in this run, stretched to the processor that "
                + "its memory gives it, and 10 ms for the network; Postgres has one processor (a quarter of one an ACU). A phone takes a step in "
                + "7.9 s on the average, some a multiple of that. Lag is from a step's recording to its commit; its peer is what the shipper "
                + "waits, and ingest of the message alone. Then the database is away for an hour. [An outage](capacity-outage.svg), "
                + "[a morning](capacity-morning.svg); what follows stands in [CAPACITY.md](../CAPACITY.md), whose tables are made by this.";
    }

    @Override
    public List<Measurement> run() throws Exception {
        SourceSettings settings = SourceSettings.read(Path.of("sam-template.yaml"));
        IngestMeasurement.Result measured = IngestMeasurement.run();
        ServiceTime service = service(measured, settings);
        Fleet thousand = Fleet.simulate(1_000, settings, service, FLEETS, SEED);
        DatabaseOutage refused = new DatabaseOutage(1_000, "refused at once", REFUSED, settings, service, SEED);
        DatabaseOutage silent = new DatabaseOutage(1_000, "times out", CONNECT_TIMEOUT, settings, service, SEED);
        Morning morning = new Morning(settings, service, SEED);

        Files.writeString(
                INFRA.resolve("bench/capacity-outage.svg"), refused.chart().svg());
        Files.writeString(
                INFRA.resolve("bench/capacity-morning.svg"), morning.chart().svg());
        writePage(thousand, measured, settings, service);

        List<Measurement> measurements = new ArrayList<>();
        measurements.add(lag(0.5, thousand));
        measurements.add(lag(0.99, thousand));
        measurements.addAll(morning.measurements());
        measurements.addAll(refused.measurements());
        measurements.addAll(silent.measurements());
        return measurements;
    }

    private static ServiceTime service(IngestMeasurement.Result measured, SourceSettings settings) {
        ServiceTime.Part function = measured.function().times(MEGABYTES_OF_PROCESSOR / settings.megabytes());
        return new ServiceTime(
                new ServiceTime.Part(function.batch() + ROUND_TRIPS, function.message(), function.step()),
                measured.database(),
                1);
    }

    private static Measurement lag(double share, Fleet fleet) {
        long[] alone = fleet.messages().stream()
                .mapToLong(message ->
                        message.sent() - message.recorded() + fleet.service().micros(1, message.steps(), 1))
                .sorted()
                .toArray();
        return new Measurement(
                "lag p" + Math.round(100 * share) + ", 1,000 phones",
                "nothing waits in the cloud",
                fleet.outcome().lag(share) / 1e6,
                alone[(int) (share * (alone.length - 1))] / 1e6,
                "s",
                new Bar.AtMost(1.5));
    }

    private static void writePage(
            Fleet thousand, IngestMeasurement.Result measured, SourceSettings settings, ServiceTime service)
            throws IOException {
        List<Fleet> fleets = List.of(
                Fleet.simulate(10, settings, service, FLEETS, SEED),
                thousand,
                Fleet.simulate(9_000, settings, service, FLEETS, SEED),
                Fleet.simulate(100_000, settings, service, FLEETS, SEED),
                Fleet.simulate(100_000, settings.atOnce(200), service.on(4), FLEETS, SEED));
        Path page = INFRA.resolve("CAPACITY.md");
        Files.writeString(
                page,
                CapacityPage.with(
                        Files.readString(page), thousand.usage(measured, ScreenSizes.measure()), measured, fleets));
    }
}
