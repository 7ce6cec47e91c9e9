package dev.steptrail.bench.capacity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What phones send, each by a shipper of its own, as the shipper's rules have it: a step is sent with those that are recorded in the
 * seconds after it. The same seed gives the same messages.
 */
final class Phones {
    /** Half of the steps take no longer; with {@link #SPREAD} the mean is 7.9 s, that of real runs (27 steps in 219 s, 4 in 36 s). */
    private static final double MEDIAN_STEP = 7.0;

    /** Of the logarithm of a step's duration: one in a hundred takes more than 22 s, one in 10,000 more than 45 s. */
    private static final double SPREAD = 0.5;

    static final Duration MEAN_STEP = Duration.ofMillis(Math.round(1000 * MEDIAN_STEP * Math.exp(SPREAD * SPREAD / 2)));

    private static final int STEPS_OF_FULL_MESSAGE = 20;
    private static final long BETWEEN_LOOKS = 1_000_000;

    /** At the first look after it: the next look would be later than five seconds. */
    private static final long WAIT = 4_000_000;

    /** An assumption: two screens made WebP (87 ms each, benchmark `webp`) and stored, four requests of S3 and one of SQS. */
    private static final long SHIPPING = 400_000;

    /** Smallest outbox of a night, and how fast larger ones become rare. */
    private static final double LEAST_OF_NIGHT = 100;

    private static final double TAIL_OF_NIGHT = 1.5;

    /** More do not fit into an outbox of 2 GiB with two screens of 0.9 MB each. */
    private static final int MOST_OF_NIGHT = 1_190;

    private Phones() {}

    /**
     * Phones that work without a pause.
     *
     * @param arrival within which they begin, evenly
     * @param end when they stop
     */
    static List<Message> working(int phones, Duration arrival, Duration end, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        List<Message> messages = new ArrayList<>();
        for (int phone = 0; phone < phones; phone++) {
            SplittableRandom random = seeds.split();
            long begin = Math.round(random.nextDouble() * Message.micros(arrival));
            work(begin, Message.micros(end), random, messages);
        }
        return inOrder(messages);
    }

    private static void work(long begin, long end, SplittableRandom random, List<Message> messages) {
        long look = random.nextLong(BETWEEN_LOOKS);
        long first = -1;
        long leaves = Long.MAX_VALUE;
        int steps = 0;
        for (long now = begin + duration(random); now < end; now += duration(random)) {
            if (now > leaves) {
                messages.add(new Message(first, leaves + SHIPPING, steps));
                steps = 0;
            }
            if (steps == 0) {
                first = now;
                leaves = lookAfter(now + WAIT, look);
            }
            steps++;
        }
        if (steps > 0) {
            messages.add(new Message(first, leaves + SHIPPING, steps));
        }
    }

    private static long lookAfter(long moment, long phase) {
        return moment + Math.floorMod(phase - moment, BETWEEN_LOOKS);
    }

    private static long duration(SplittableRandom random) {
        return Math.round(1e6 * MEDIAN_STEP * Math.exp(SPREAD * random.nextGaussian()));
    }

    /**
     * Outboxes that filled while there was no network, all of which ship at once: heavy-tailed, some a hundred steps, a few more than a
     * thousand. Each sends 20 steps as often as their screens are encoded. A message counts as recorded when it is sent.
     */
    static List<Message> afterNight(int phones, Duration encoding, long seed) {
        SplittableRandom seeds = new SplittableRandom(seed);
        long between = STEPS_OF_FULL_MESSAGE * Message.micros(encoding);
        List<Message> messages = new ArrayList<>();
        for (int phone = 0; phone < phones; phone++) {
            SplittableRandom random = seeds.split();
            double drawn = LEAST_OF_NIGHT * Math.pow(1 - random.nextDouble(), -1 / TAIL_OF_NIGHT);
            int left = (int) Math.min(MOST_OF_NIGHT, drawn);
            for (long sent = random.nextLong(between); left > 0; sent += between) {
                messages.add(new Message(sent, sent, Math.min(left, STEPS_OF_FULL_MESSAGE)));
                left -= STEPS_OF_FULL_MESSAGE;
            }
        }
        return inOrder(messages);
    }

    private static List<Message> inOrder(List<Message> messages) {
        messages.sort(Comparator.comparingLong(Message::sent));
        return messages;
    }
}
