package dev.steptrail.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final SourceSettings SETTINGS = new SourceSettings(
            100, Duration.ofSeconds(1), 10, Duration.ofSeconds(30), Duration.ofMinutes(6), 900, 1024);
    private static final SourceSettings ONE_BY_ONE =
            new SourceSettings(1, Duration.ZERO, 1, Duration.ofSeconds(30), Duration.ofMinutes(6), 900, 1024);
    private static final long SECOND = 1_000_000;

    private static ServiceTime always(double micros) {
        ServiceTime.Part nothing = new ServiceTime.Part(0, 0, 0);
        return new ServiceTime(new ServiceTime.Part(micros, 0, 0), nothing, 1);
    }

    private static Outcome run(List<Message> messages, SourceSettings settings, ServiceTime service, Outage outage) {
        return Simulation.run(messages, settings, service, outage, SECOND);
    }

    private static Message at(long moment) {
        return new Message(moment, moment, 1);
    }

    @Test
    void aMessageAlone_waitsForTheWindow_andItsInvocation() {
        Outcome outcome = run(List.of(at(5 * SECOND)), SETTINGS, always(20_000), Outage.NONE);

        assertThat(outcome.writtenAt(0)).isEqualTo(6 * SECOND + 20_000);
    }

    @Test
    void aFullBatch_doesNotWaitForTheWindow() {
        List<Message> messages = Collections.nCopies(5 * 100, at(0));

        Outcome outcome = run(messages, SETTINGS.atOnce(5), always(20_000), Outage.NONE);

        assertThat(outcome.end()).isEqualTo(9 * 100_000 + 20_000); // ten requests one after the other
        assertThat(outcome.counts().invocations()).isEqualTo(5);
        assertThat(outcome.counts().receiveRequests()).isEqualTo(50);
        assertThat(outcome.counts().deleteRequests()).isEqualTo(50);
    }

    @Test
    void anInvocationThatFails_hasItsMessagesComeBack_whenTheirVisibilityTimeoutIsOver() {
        Outage outage = new Outage(0, 10 * SECOND, SECOND);

        Outcome outcome = run(List.of(at(0)), ONE_BY_ONE, always(1000), outage);

        assertThat(outcome.counts().mostReceives()).isEqualTo(2);
        assertThat(outcome.writtenAt(0)).isEqualTo(360 * SECOND + 1000);
    }

    @Test
    void anInvocationThatTheOutageMeets_fails() {
        Outage outage = new Outage(SECOND / 2, 10 * SECOND, SECOND);

        Outcome outcome = run(List.of(at(0)), ONE_BY_ONE, always(SECOND), outage);

        assertThat(outcome.writtenAt(0)).isEqualTo(361 * SECOND);
    }

    @Test
    void anInvocationOverItsTimeout_fails_andAMessageThatAlwaysFails_endsAsADeadLetter() {
        SourceSettings settings =
                new SourceSettings(1, Duration.ZERO, 1, Duration.ofSeconds(30), Duration.ofMinutes(6), 3, 1024);

        Outcome outcome = run(List.of(at(0)), settings, always(31 * SECOND), Outage.NONE);

        assertThat(outcome.counts().deadLetters()).isEqualTo(1);
        assertThat(outcome.counts().mostReceives()).isEqualTo(3);
        assertThat(outcome.counts().billed()).isEqualTo(3 * 30 * SECOND);
        assertThat(outcome.end()).isEqualTo(3 * 360 * SECOND);
        assertThat(outcome.writtenAt(0)).isEqualTo(Outcome.NEVER);
    }

    @Test
    void theDatabase_isSharedByAllInvocations() {
        ServiceTime service = new ServiceTime(new ServiceTime.Part(0, 0, 0), new ServiceTime.Part(0, 1000, 0), 2);

        assertThat(service.micros(10, 10, 1)).isEqualTo(10_000);
        assertThat(service.micros(10, 10, 2)).isEqualTo(10_000);
        assertThat(service.micros(10, 10, 8)).isEqualTo(40_000);
    }

    @Test
    void whatIsReceivedAndHidden_staysUnderTheQueuesLimit() {
        int count = SimulatedQueue.MOST_IN_FLIGHT + 50_000;
        Outage outage = new Outage(0, 300 * SECOND, 1000);

        Outcome outcome = run(Collections.nCopies(count, at(0)), SETTINGS, always(1000), outage);

        assertThat(outcome.counts().mostInFlight()).isEqualTo(SimulatedQueue.MOST_IN_FLIGHT);
        assertThat(outcome.samples().get(250).backlog()).isEqualTo(count);
        assertThat(outcome.samples().get(250).oldestAge()).isEqualTo(250 * SECOND);
        assertThat(outcome.writtenAt(count - 1)).isPositive();
    }

    /** The mean wait of M/D/1 is known exactly: ρ s / 2 (1 − ρ), by Pollaczek and Khinchine. */
    @Test
    void oneServer_withChanceArrivals_hasThemWaitAsTheoryTells() {
        assertThat(meanWait(1, 0.8)).isCloseTo(0.8 / (2 * 0.2), within(0.06));
    }

    /**
     * Of M/D/c there is an approximation that errs by a percent or so: half of what M/M/c has them wait, corrected (Cosmetatos 1976,
     * "Approximate explicit formulae for the average queueing time in the processes (M/D/r) and (D/M/r)", INFOR 13).
     */
    @Test
    void fourServers_withChanceArrivals_haveThemWaitAsTheoryTells() {
        int servers = 4;
        double load = 0.85;
        double correction = 1 + (1 - load) * (servers - 1) * (Math.sqrt(4 + 5.0 * servers) - 2) / (16 * load * servers);

        double expected = correction * erlangC(servers, load) / (servers * (1 - load)) / 2;

        assertThat(meanWait(servers, load)).isCloseTo(expected, within(0.05 * expected));
    }

    /** In units of a service, which takes a second. */
    private static double meanWait(int servers, double load) {
        SplittableRandom random = new SplittableRandom(1);
        List<Message> messages = new ArrayList<>();
        double now = 0;
        for (int i = 0; i < 400_000; i++) {
            now -= Math.log(1 - random.nextDouble()) * SECOND / (load * servers);
            messages.add(at(Math.round(now)));
        }
        Outcome outcome =
                Simulation.run(messages, ONE_BY_ONE.atOnce(servers), always(SECOND), Outage.NONE, 1_000 * SECOND);
        return IntStream.range(0, messages.size())
                                .mapToLong(i ->
                                        outcome.writtenAt(i) - messages.get(i).sent())
                                .average()
                                .orElseThrow()
                        / SECOND
                - 1;
    }

    private static double erlangC(int servers, double load) {
        double offered = servers * load;
        double term = 1;
        double sum = 1;
        for (int i = 1; i < servers; i++) {
            term *= offered / i;
            sum += term;
        }
        double waiting = term * offered / servers / (1 - load);
        return waiting / (sum + waiting);
    }
}
