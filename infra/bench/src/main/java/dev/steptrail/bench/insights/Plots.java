package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Behaviour.Kind;
import java.util.List;

/** What happens in which share of the runs; in a run, one thing at most. */
final class Plots {
    private static final List<Share> OF_SUCCESS = List.of(
            new Share(new LoopPlot(false), 4),
            new Share(Plots::slowStep, 4),
            new Share(Insertions::waits, 3),
            new Share(Insertions::takeOvers, 3),
            new Share(Insertions::unknownApp, 2));

    /** The others fail without anything to be said of it. */
    private static final List<Share> OF_FAILURE = List.of(
            new Share(Failures::clustered, 28),
            new Share(Failures::offThePath, 18),
            new Share(new LoopPlot(true), 15),
            new Share(Failures::unknownApp, 5));

    private record Share(Plot plot, int hundredths) {}

    private Plots() {}

    /** Lets a run that is on its way to success have the outcome that it shall have. */
    static void play(Draft draft, boolean succeeds) {
        // Of a group with so few runs nothing is known that one of them could be held against.
        boolean happens = !draft.group.is(Kind.RARE) && drawnHappens(draft, succeeds ? OF_SUCCESS : OF_FAILURE);
        if (!succeeds && !happens) {
            Failures.alone(draft);
        }
    }

    private static boolean drawnHappens(Draft draft, List<Share> shares) {
        int drawn = draft.random.nextInt(100);
        for (Share share : shares) {
            drawn -= share.hundredths();
            if (drawn < 0) {
                return share.plot().happensTo(draft);
            }
        }
        return false;
    }

    private static boolean slowStep(Draft draft) {
        int index = draft.somewhere(Plots::tellsWhatTakesTime);
        if (index < 0 || !draft.group.isAsFastAsEver()) {
            return false;
        }
        Move move = draft.move(index);
        draft.replace(index, List.of(move.exactly(draft.random.nextDouble(5, 10))));
        draft.plant(new Planted.SlowStep(draft.taskId, index + 1));
        return true;
    }

    /** Of the others, nobody can tell whether the text was longer this time, or the wait was meant to be. */
    private static boolean tellsWhatTakesTime(Move move) {
        return !List.of(PhoneAction.TYPE, PhoneAction.WAIT)
                .contains(move.action().name());
    }
}
