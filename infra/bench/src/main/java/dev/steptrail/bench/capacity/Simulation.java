package dev.steptrail.bench.capacity;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way of messages through the steps queue, the event source and the ingest function, event by event. The same input gives the same
 * outcome.
 *
 * <p>Five pollers take turns to receive up to ten messages, as often as {@link #BETWEEN_POLLS}; while they are busy the others help, as
 * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html">Lambda's do</a>, which takes a second to add five of them and here
 * no time. Polling does not slow down while invocations fail, which holds with ReportBatchItemFailures. Functions are warm. A message that was
 * sent can be received at once.
 */
final class Simulation {
    private static final int FIRST_POLLERS = 5;
    private static final int MOST_OF_RECEIVE = 10;

    /** Ten requests a second: an assumption, after pollers in provisioned mode; of others AWS tells nothing. */
    static final long BETWEEN_POLLS = 100_000;

    private final SourceSettings settings;
    private final ServiceTime service;
    private final Outage outage;
    private final List<Poller> pollers;
    private final SimulatedQueue queue;
    private final List<Message> messages;
    private final Tally tally;
    private int turn;
    private int busy;
    private int processing;

    private Simulation(
            List<Message> messages, SourceSettings settings, ServiceTime service, Outage outage, long betweenSamples) {
        this.messages = messages;
        this.settings = settings;
        this.service = service;
        this.outage = outage;
        this.pollers = Stream.generate(() -> new Poller(settings.batchSize()))
                .limit(settings.concurrency())
                .toList();
        this.queue = new SimulatedQueue(messages, settings);
        this.tally = new Tally(messages, betweenSamples);
    }

    /**
     * Runs until every message is written or a dead letter, which is a matter of seconds for a million messages.
     *
     * @param messages in the order in which they are sent
     * @param betweenSamples microseconds
     */
    static Outcome run(
            List<Message> messages, SourceSettings settings, ServiceTime service, Outage outage, long betweenSamples) {
        return new Simulation(messages, settings, service, outage, betweenSamples).run();
    }

    private Outcome run() {
        long now = 0;
        receive(now);
        while (!queue.isDone()) {
            now = next(now);
            for (long sample = tally.nextSample(); sample <= now; sample = tally.nextSample()) {
                tally.sample(queue);
            }
            for (Poller poller : pollers) {
                if (poller.due() <= now) {
                    turn(poller, now);
                }
            }
            receive(now);
        }
        return tally.outcome(queue, now);
    }

    /** When something happens next, at the earliest now. */
    private long next(long now) {
        long due = Long.MAX_VALUE;
        long ready = Long.MAX_VALUE;
        for (Poller poller : pollers) {
            due = Math.min(due, poller.due());
            ready = Math.min(ready, poller.ready());
        }
        if (ready < Long.MAX_VALUE) {
            long received = Math.max(ready, queue.nextVisible());
            // What could be received now was left where it is, since too much is in flight.
            due = Math.min(due, received > now ? received : queue.nextBack());
        }
        return Math.max(now, due);
    }

    private void turn(Poller poller, long now) {
        if (poller.isInvoking()) {
            finish(poller, now);
        } else {
            invoke(poller, now);
        }
    }

    private void invoke(Poller poller, long now) {
        busy++;
        processing += poller.size();
        tally.invoked(busy, processing);
        long end = now + service.micros(poller.size(), poller.steps(), busy);
        long limit = now + Message.micros(settings.timeout());
        boolean fails = true;
        if (outage.at(now)) {
            end = now + outage.toFail();
        } else if (outage.beginsWithin(now, end)) {
            end = outage.from();
        } else {
            fails = end > limit;
        }
        end = Math.min(end, limit);
        tally.billed(end - now);
        poller.invokeUntil(end, fails);
    }

    private void finish(Poller poller, long now) {
        busy--;
        boolean failed = poller.isFailing();
        int[] batch = poller.release();
        processing -= batch.length;
        for (int message : batch) {
            if (failed) {
                queue.leave(message);
            } else {
                queue.delete(message);
                tally.written(message, now);
            }
        }
        if (!failed) {
            tally.deleteRequests(requests(batch.length));
        }
    }

    private static int requests(int ofMessages) {
        return (ofMessages + MOST_OF_RECEIVE - 1) / MOST_OF_RECEIVE;
    }

    private void receive(long now) {
        for (Poller poller = ready(now); poller != null && receiveInto(poller, now); poller = ready(now)) {
            tally.receiveRequest();
            poller.polled(now + BETWEEN_POLLS);
            if (poller.room() == 0) {
                invoke(poller, now);
            }
        }
    }

    private boolean receiveInto(Poller poller, long now) {
        int most = Math.min(MOST_OF_RECEIVE, poller.room());
        boolean first = poller.isEmpty();
        int received = 0;
        for (int message; received < most && (message = queue.receive(now)) != SimulatedQueue.NOTHING; received++) {
            poller.add(message, messages.get(message).steps());
        }
        if (first && received > 0) {
            poller.gatherUntil(now + Message.micros(settings.window()));
        }
        return received > 0;
    }

    private @Nullable Poller ready(long now) {
        int few = Math.min(FIRST_POLLERS, pollers.size());
        for (int i = 0; i < few; i++) {
            Poller poller = pollers.get((turn + i) % few);
            if (poller.ready() <= now) {
                turn = (turn + i + 1) % few;
                return poller;
            }
        }
        return pollers.stream()
                .skip(few)
                .filter(poller -> poller.ready() <= now)
                .findFirst()
                .orElse(null);
    }
}
