package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Move.Origin;
import dev.steptrail.bench.insights.UsualPath.Detour;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The small differences that runs of one task have, none of which is worth a word. */
final class Noise {
    private static final double OTHER_WAY = 0.2;
    private static final double SKIPPED = 0.12;
    private static final double INSERTED = 0.15;
    private static final double DOUBLED = 0.1;

    private final UsualPath path;
    private final Places places;
    private final RandomGenerator random;

    /**
     * Of one run.
     *
     * @param places the run's own
     */
    Noise(UsualPath path, Places places, RandomGenerator random) {
        this.path = path;
        this.places = places;
        this.random = random;
    }

    /** The path as this run goes it. */
    List<Move> path(boolean byShortcut) {
        Detour shortcut = path.shortcut();
        List<Move> moves = new ArrayList<>(path.moves());
        if (byShortcut && shortcut != null) {
            moves = shortcut.around(moves);
        } else if (happens(OTHER_WAY)) {
            moves = path.otherWay().around(moves);
        }
        moves.replaceAll(move -> move.with(move.action().jittered(random)));
        change(moves);
        return moves;
    }

    private boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    private void change(List<Move> moves) {
        int somewhere = random.nextInt(1, moves.size() - 1);
        if (happens(SKIPPED)) {
            moves.remove(somewhere);
        } else if (happens(INSERTED)) {
            moves.add(somewhere, inserted(moves.get(somewhere).screen()));
        } else if (happens(DOUBLED) && isUsualTap(moves.get(somewhere))) {
            Move twice = moves.get(somewhere).as(Origin.NOISE);
            moves.set(somewhere, twice);
            moves.add(somewhere, twice);
        }
    }

    private Move inserted(int screen) {
        if (random.nextInt(4) == 0) {
            return new Move(PhoneAction.waiting(random.nextInt(1, 6)), screen, Origin.NOISE);
        }
        boolean covered = random.nextBoolean();
        int seen = covered ? path.spareScreens() + random.nextInt(UsualPath.SPARE_SCREENS) : screen;
        return new Move(PhoneAction.tap(places.fresh(random)), seen, Origin.NOISE);
    }

    private static boolean isUsualTap(Move move) {
        return move.origin() == Origin.USUAL && move.action().name().equals(PhoneAction.TAP);
    }
}
