package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Behaviour.Kind;
import dev.steptrail.bench.insights.Move.Origin;
import java.util.List;
import java.util.random.RandomGenerator;

/** Ways to fail. */
final class Failures {
    private static final List<Outcome> UNDECIDED = List.of(Outcome.CANCELLED, Outcome.ABANDONED, Outcome.UNKNOWN);

    /** Of a run's ends that are not decided, where there may be any. */
    private static final double SHARE_UNDECIDED = 0.3;

    private Failures() {}

    /** As other runs fail. */
    static boolean clustered(Draft draft) {
        String cluster = Chance.oneOf(ErrorTexts.CLUSTERS, draft.random);
        String error = ErrorTexts.of(cluster, draft.random);
        draft.endAt(onTheWay(draft), error, Outcome.failed(error));
        draft.failedLike(cluster);
        return true;
    }

    /** At once, since the app is not there. */
    static boolean unknownApp(Draft draft) {
        Insertions.unknownApp(draft);
        String error = draft.move(0).error();
        draft.endAt(0, error, Outcome.failed(error));
        if (error != null) {
            draft.failedLike(error);
        }
        return true;
    }

    /** The agent goes where no other run went, and does not come back. */
    static boolean offThePath(Draft draft) {
        int index = draft.somewhere(move -> true);
        if (index < 0 || draft.group.is(Kind.ALWAYS_FAILS)) {
            return false;
        }
        RandomGenerator random = draft.random;
        int steps = random.nextInt(4, 11);
        int screen = random.nextInt(UsualPath.SPARE_SCREENS);
        for (int i = 0; i < steps; i++) {
            // The first such tap is on the screen of the usual path, the others on those it leads to.
            int seen = i == 0 ? draft.move(index).screen() : draft.spareScreen(screen + i);
            draft.insert(index + i, new Move(PhoneAction.tap(draft.places.fresh(random)), seen, Origin.PLANTED));
        }
        String error = random.nextBoolean() ? ErrorTexts.alone(random) : null;
        draft.endAt(index + steps - 1, error, Outcome.failed(error));
        draft.plant(new Planted.LeftUsualPath(draft.taskId, index + 1));
        return true;
    }

    /** In no way that says anything; where it does not matter for the group's share of success, perhaps not even as a failure. */
    static void alone(Draft draft) {
        RandomGenerator random = draft.random;
        int end = onTheWay(draft);
        boolean mayBeUndecided = draft.group.is(Kind.STEADY) || draft.group.is(Kind.ALWAYS_FAILS);
        if (mayBeUndecided && random.nextDouble() < SHARE_UNDECIDED) {
            draft.endAt(end, null, Chance.oneOf(UNDECIDED, random));
        } else if (random.nextBoolean()) {
            String error = ErrorTexts.alone(random);
            draft.endAt(end, error, Outcome.failed(error));
        } else {
            draft.endAt(end, null, random.nextInt(3) == 0 ? Outcome.TOO_LONG : Outcome.STOPPED);
        }
    }

    private static int onTheWay(Draft draft) {
        return draft.random.nextInt(draft.length() / 3, draft.length() - 1);
    }
}
