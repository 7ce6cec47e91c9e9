package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Ships lines with random responses, repeated passes and crashes, and compares the counts with what arrived. */
class AckedRangesPropertyTest {
    /** The state on disk and in the queue, which survives a crash. */
    private static final class World {
        final int lines;
        final boolean deaf;
        final BitSet arrived = new BitSet();
        long count;
        int sends;

        /** If {@code deaf}, some responses are lost. */
        World(int lines, boolean deaf) {
            this.lines = lines;
            this.deaf = deaf;
        }
    }

    @Property(tries = 300)
    void shippedLines_haveArrived_andFinallyAllHaveArrived(
            @ForAll @IntRange(min = 1, max = 60) int lines, @ForAll Random random) {
        World world = new World(lines, true);
        AckedRanges<int[]> delivered = new AckedRanges<>();
        for (int pass = 0; pass < 200 && world.count < lines; pass++) {
            boolean healthy = pass > 100;
            if (!healthy && random.nextInt(5) == 0) {
                delivered = new AckedRanges<>();
            }
            delivered.startAt(world.count);
            pass(world, delivered, random, healthy);
            assertThat(world.arrived.nextClearBit(0)).isGreaterThanOrEqualTo((int) world.count);
        }
        assertThat(world.count).isEqualTo(lines);
        assertThat(world.arrived.cardinality()).isEqualTo(lines);
    }

    @Property(tries = 300)
    void withoutLostResponses_noLineIsSentTwice_andRangesAreReturnedInOrderWithoutGaps(
            @ForAll @IntRange(min = 1, max = 60) int lines, @ForAll Random random) {
        World world = new World(lines, false);
        AckedRanges<int[]> delivered = new AckedRanges<>();
        int end = 0;
        for (int pass = 0; pass < 200; pass++) {
            delivered.startAt(world.count);
            for (int[] part : pass(world, delivered, random, pass > 100)) {
                assertThat(part[0]).isEqualTo(end);
                end = part[1];
            }
        }
        assertThat(end).isEqualTo(lines);
        assertThat(world.count).isEqualTo(lines);
        assertThat(world.sends).isEqualTo(lines);
    }

    /** Sends the missing lines in batches. A batch is acknowledged, arrives without acknowledgement, or fails. */
    private static List<int[]> pass(World world, AckedRanges<int[]> delivered, Random random, boolean healthy) {
        long position = delivered.nextUnacknowledged(delivered.acknowledgedOffset());
        while (position < world.lines) {
            long end = Math.min(Math.min(position + 1 + random.nextInt(5), world.lines), delivered.gapEnd(position));
            assertThat(end).isGreaterThan(position);
            boolean arrives = healthy || random.nextInt(3) > 0;
            boolean heard = healthy || !world.deaf || random.nextBoolean();
            if (arrives) {
                world.arrived.set((int) position, (int) end);
                world.sends += (int) (end - position);
            }
            if (arrives && heard) {
                delivered.add(position, end, new int[] {(int) position, (int) end});
            }
            position = delivered.nextUnacknowledged(end);
        }
        List<int[]> shipped = delivered.advance();
        world.count = delivered.acknowledgedOffset();
        return shipped;
    }
}
