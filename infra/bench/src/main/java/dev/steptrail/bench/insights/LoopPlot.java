package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Move.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An agent does one thing again and again, and the screen is the same each time. It may try other things in between, or go back and come
 * again.
 *
 * @param isTheEnd whether the run fails by it; else the agent gets on at last
 */
record LoopPlot(boolean isTheEnd) implements Plot {
    private static final List<String> REPEATED = List.of(
            PhoneAction.TAP, PhoneAction.SWIPE, PhoneAction.TYPE, PhoneAction.LONG_PRESS, PhoneAction.DOUBLE_TAP);
    private static final int MOST = 10;

    /** Each comes back once less, and three Backs would be a loop of their own. */
    private static final int COMING_AGAIN = 3;

    private enum Manner {
        STUBBORN,
        TRYING_OTHERS,
        COMING_AGAIN
    }

    @Override
    public boolean happensTo(Draft draft) {
        int index = draft.somewhere(move -> REPEATED.contains(move.action().name()));
        if (index < 0) {
            return false;
        }
        RandomGenerator random = draft.random;
        Manner manner = Chance.oneOf(List.of(Manner.values()), random);
        int times = manner == Manner.COMING_AGAIN ? COMING_AGAIN : random.nextInt(3, MOST + 1);
        boolean exactly = random.nextBoolean();
        Move first = draft.move(index).as(Origin.PLANTED);
        List<Move> tries = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            steps.add(index + tries.size() + 1);
            tries.add(exactly ? first : first.with(first.action().jittered(random)));
            if (i < times - 1) {
                tries.addAll(between(manner, first.screen(), draft));
            }
        }
        draft.replace(index, tries);
        if (isTheEnd) {
            Outcome end = random.nextBoolean() ? Outcome.STOPPED : Outcome.TOO_LONG;
            draft.endAt(index + tries.size() - 1, null, end);
        }
        draft.plant(new Planted.Loop(draft.taskId, List.copyOf(steps)));
        return true;
    }

    private static List<Move> between(Manner manner, int screen, Draft draft) {
        return switch (manner) {
            case STUBBORN -> List.of();
            case COMING_AGAIN -> List.of(new Move(PhoneAction.back(), draft.spareScreen(0), Origin.PLANTED));
            case TRYING_OTHERS -> {
                Place other = draft.places.fresh(draft.random);
                PhoneAction action = draft.random.nextInt(3) == 0 ? PhoneAction.swipe(other) : PhoneAction.tap(other);
                yield List.of(new Move(action, screen, Origin.PLANTED));
            }
        };
    }
}
