package dev.steptrail.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SimulationPropertyTest {
    private static final long SECOND = 1_000_000;

    @Provide
    Arbitrary<List<Message>> messages() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 600 * SECOND),
                        Arbitraries.longs().between(0, 5 * SECOND),
                        Arbitraries.integers().between(1, 20))
                .as((recorded, shipping, steps) -> new Message(recorded, recorded + shipping, steps))
                .list()
                .ofMinSize(1)
                .ofMaxSize(300)
                .map(list -> list.stream()
                        .sorted(Comparator.comparingLong(Message::sent))
                        .toList());
    }

    @Provide
    Arbitrary<SourceSettings> settings() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 100),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.integers().between(30, 400),
                        Arbitraries.integers().between(1, 20))
                .as((batch, window, concurrency, visibility, receives) -> new SourceSettings(
                        batch,
                        Duration.ofSeconds(window),
                        concurrency,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(visibility),
                        receives,
                        1024));
    }

    @Provide
    Arbitrary<ServiceTime> service() {
        Arbitrary<ServiceTime.Part> part = Combinators.combine(
                        Arbitraries.doubles().between(0, 50_000),
                        Arbitraries.doubles().between(0, 1_000),
                        Arbitraries.doubles().between(0, 300))
                .as(ServiceTime.Part::new);
        return Combinators.combine(part, part, Arbitraries.doubles().between(0.25, 8))
                .as(ServiceTime::new);
    }

    @Provide
    Arbitrary<Outage> outage() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 700 * SECOND),
                        Arbitraries.longs().between(0, 1_000 * SECOND),
                        Arbitraries.longs().between(1, 25 * SECOND))
                .as((from, length, toFail) -> new Outage(from, from + length, toFail));
    }

    @Property(tries = 300)
    void everyMessage_isWrittenOnceOrADeadLetter_andNeverBeforeItCanBe(
            @ForAll("messages") List<Message> messages,
            @ForAll("settings") SourceSettings settings,
            @ForAll("service") ServiceTime service,
            @ForAll("outage") Outage outage) {
        Outcome outcome = Simulation.run(messages, settings, service, outage, SECOND);

        int written = 0;
        for (int i = 0; i < messages.size(); i++) {
            if (outcome.writtenAt(i) != Outcome.NEVER) {
                written++;
                Message message = messages.get(i);
                assertThat(outcome.writtenAt(i) - message.sent()).isGreaterThanOrEqualTo(service.micros(1, 1, 1) / 2);
                assertThat(outage.at(outcome.writtenAt(i) - 1)).isFalse();
            }
        }
        assertThat(written + outcome.counts().deadLetters()).isEqualTo(messages.size());
        assertThat(outcome.counts().mostReceives()).isBetween(1, settings.maxReceives());
        assertThat(outcome.counts().invocations()).isBetween(1, messages.size() * settings.maxReceives());
    }

    @Property(tries = 300)
    void atAnyTime_limitsHold_andNothingIsLostFromSight(
            @ForAll("messages") List<Message> messages,
            @ForAll("settings") SourceSettings settings,
            @ForAll("service") ServiceTime service,
            @ForAll("outage") Outage outage) {
        Outcome outcome = Simulation.run(messages, settings, service, outage, SECOND);

        assertThat(outcome.counts().mostBusy()).isBetween(1, settings.concurrency());
        assertThat(outcome.counts().mostProcessing()).isBetween(1, settings.concurrency() * settings.batchSize());
        assertThat(outcome.samples()).allSatisfy(sample -> {
            assertThat(sample.inFlight()).isBetween(0, sample.backlog());
            assertThat(sample.writtenSteps()).isBetween(0L, sample.sentSteps());
            assertThat(sample.oldestAge()).isBetween(0L, sample.at());
            assertThat(sample.backlog() == 0).isEqualTo(oldest(messages, outcome, sample) < 0);
        });
    }

    /** By looking at all of them; a dead letter's end is not known, so with some of these nothing is told. */
    private static long oldest(List<Message> messages, Outcome outcome, Sample sample) {
        return IntStream.range(0, messages.size())
                .filter(i -> messages.get(i).sent() <= sample.at())
                .filter(i -> outcome.writtenAt(i) == Outcome.NEVER
                        ? sample.backlog() > 0
                        : outcome.writtenAt(i) >= sample.at())
                .mapToLong(i -> messages.get(i).sent())
                .min()
                .orElse(-1);
    }

    @Property(tries = 300)
    void whereNothingFails_messagesAreTakenInTheirOrder(
            @ForAll("messages") List<Message> messages,
            @ForAll("settings") SourceSettings settings,
            @ForAll("service") ServiceTime service) {
        Outcome outcome = Simulation.run(messages, settings.atOnce(1), service, Outage.NONE, SECOND);

        assertThat(IntStream.range(0, messages.size()).mapToLong(outcome::writtenAt))
                .isSorted();
    }

    @Property(tries = 100)
    void theSameInput_hasTheSameOutcome(
            @ForAll("messages") List<Message> messages,
            @ForAll("settings") SourceSettings settings,
            @ForAll("service") ServiceTime service,
            @ForAll("outage") Outage outage) {
        Outcome one = Simulation.run(messages, settings, service, outage, SECOND);
        Outcome other = Simulation.run(messages, settings, service, outage, SECOND);

        assertThat(other.samples()).isEqualTo(one.samples());
        assertThat(other.counts()).isEqualTo(one.counts());
    }
}
