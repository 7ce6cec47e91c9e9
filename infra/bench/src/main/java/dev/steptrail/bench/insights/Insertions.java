package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Move.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Steps more than a run needs, which does not keep it from success. */
final class Insertions {
    private static final int FEWEST_WAITS = 8;
    private static final int MOST_WAITS = 15;

    /** Longer than those that a path has anyway. */
    private static final int SHORTEST_WAIT = 6;

    private Insertions() {}

    /** Waits all along the way, so that no screen is waited for again and again. */
    static boolean waits(Draft draft) {
        List<PhoneAction> waits = new ArrayList<>();
        int count = Math.min(draft.random.nextInt(FEWEST_WAITS, MOST_WAITS + 1), draft.length() - 1);
        for (int i = 0; i < count; i++) {
            waits.add(PhoneAction.waiting(SHORTEST_WAIT + i % FEWEST_WAITS));
        }
        if (count < FEWEST_WAITS) {
            return false;
        }
        spread(draft, Chance.shuffled(waits, draft.random));
        draft.plant(new Planted.TooManyWaits(draft.taskId));
        return true;
    }

    static boolean takeOvers(Draft draft) {
        List<PhoneAction> asked =
                Texts.FOR_A_PERSON.stream().map(PhoneAction::takeOver).toList();
        int count = draft.random.nextInt(1, asked.size() + 1);
        spread(draft, Chance.shuffled(asked, draft.random).subList(0, count));
        draft.plant(new Planted.TakeOvers(draft.taskId));
        return true;
    }

    /** The agent tries an app that is not there, and then does it the usual way. */
    static boolean unknownApp(Draft draft) {
        String app = Chance.oneOf(Texts.UNKNOWN_APPS, draft.random);
        draft.insert(0, unknown(app, draft.move(0).screen()));
        draft.plant(new Planted.UnknownApp(draft.taskId, app, 1));
        return true;
    }

    static Move unknown(String app, int screen) {
        return new Move(PhoneAction.launch(app), screen, Origin.PLANTED).failing("App not found: " + app);
    }

    /** Each before another move. */
    private static void spread(Draft draft, List<PhoneAction> actions) {
        RandomGenerator random = draft.random;
        List<Integer> indices =
                Chance.shuffled(IntStream.range(1, draft.length()).boxed().toList(), random);
        List<Integer> chosen =
                indices.subList(0, actions.size()).stream().sorted().toList();
        for (int i = actions.size() - 1; i >= 0; i--) {
            int index = chosen.get(i);
            draft.insert(index, new Move(actions.get(i), draft.move(index).screen(), Origin.PLANTED));
        }
    }
}
