package dev.steptrail.bench.ingest;

import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.database.Postgres;
import java.util.ArrayList;
import java.util.List;

/** Sides that write in turns into the same tables. Sees to it that all they say they wrote is there, and then empties the tables. */
final class Contest {
    private static final int WARM_UP = 2;

    private final Postgres postgres;

    Contest(Postgres postgres) {
        this.postgres = postgres;
    }

    /** The median rate of each side. Whoever goes first in a round goes last in the next. */
    List<Double> medians(List<Side> sides, int rounds) throws Exception {
        List<List<Double>> rates = new ArrayList<>();
        sides.forEach(side -> rates.add(new ArrayList<>()));
        for (int round = -WARM_UP; round < rounds; round++) {
            for (int turn = 0; turn < sides.size(); turn++) {
                int side = Math.floorMod(turn + round, sides.size());
                double rate = sides.get(side).rate();
                if (round >= 0) {
                    rates.get(side).add(rate);
                }
            }
        }
        check(sides, rounds + WARM_UP);
        postgres.empty();
        return rates.stream()
                .map(ofSide -> Measurement.median(
                        ofSide.stream().mapToDouble(Double::doubleValue).toArray()))
                .toList();
    }

    private void check(List<Side> sides, int rounds) throws Exception {
        long expected =
                (long) rounds * sides.stream().mapToInt(Side::stepsOfRound).sum();
        long written = postgres.number("SELECT count(*) FROM task_steps");
        long rejected = postgres.number("SELECT count(*) FROM rejected_messages");
        if (written != expected || rejected != 0) {
            throw new IllegalStateException(
                    expected + " steps were to be written, " + written + " are there, and " + rejected + " rejections");
        }
    }
}
