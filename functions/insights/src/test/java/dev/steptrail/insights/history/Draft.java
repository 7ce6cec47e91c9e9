package dev.steptrail.insights.history;

import dev.steptrail.insights.history.Group.Kind;
import dev.steptrail.insights.history.PlannedStep.Origin;
import dev.steptrail.insights.history.UsualPath.Detour;
import dev.steptrail.insights.history.UsualPath.Places;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A run while it is generated: the usual path with noise, and then at most one planted problem. */
final class Draft {
    private static final List<String> CAN_LOOP =
            List.of(Action.TAP, Action.SWIPE, Action.TYPE, Action.LONG_PRESS, Action.DOUBLE_TAP);
    private static final int MIN_WAITS = 8;
    private static final int MAX_WAITS = 15;

    /** Longer than the waits of a usual path. */
    private static final int MIN_WAIT_SECONDS = 6;

    /**
     * The end of a run.
     *
     * @param status null if no end was recorded
     */
    record Outcome(
            @Nullable TaskStatus status,
            @Nullable EndReason endReason,
            @Nullable String message) {
        static final Outcome DONE = new Outcome(TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done.");
        static final Outcome STOPPED = new Outcome(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH, null);
        static final Outcome TOO_LONG = new Outcome(TaskStatus.FAILED, EndReason.MAX_STEPS, null);

        /** Endings that are neither a success nor a failure of the agent. */
        static final List<Outcome> UNDECIDED = List.of(
                new Outcome(TaskStatus.CANCELLED, EndReason.CANCELLED, null),
                new Outcome(TaskStatus.ABANDONED, EndReason.ABANDONED, null),
                new Outcome(null, null, null));

        static Outcome failed(@Nullable String error) {
            return error == null ? STOPPED : new Outcome(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH, error);
        }
    }

    final UUID taskId;
    final List<PlannedStep> steps;
    final List<Planted> planted = new ArrayList<>();
    Outcome outcome = Outcome.DONE;

    /** The error that other runs have too; null if the run did not fail like others. */
    @Nullable
    String commonError;

    private final Group group;
    private final RandomGenerator random;
    private final Places places;

    Draft(UUID taskId, Group group, boolean byShortcut, RandomGenerator random) {
        this.taskId = taskId;
        this.group = group;
        this.random = random;
        this.places = group.path().places().copy();
        this.steps = usualWithNoise(byShortcut);
    }

    /** The small differences between runs of one task: none of them is a problem. */
    private List<PlannedStep> usualWithNoise(boolean byShortcut) {
        Detour shortcut = group.path().shortcut();
        List<PlannedStep> path = new ArrayList<>(group.path().steps());
        if (byShortcut && shortcut != null) {
            path = shortcut.around(path);
        } else if (happens(0.2)) {
            path = group.path().alternative().around(path);
        }
        path.replaceAll(step -> step.with(step.action().jittered(random)));
        int somewhere = random.nextInt(1, path.size() - 1);
        PlannedStep there = path.get(somewhere);
        if (happens(0.12)) {
            path.remove(somewhere);
        } else if (happens(0.15)) {
            path.add(somewhere, noise(there.screen()));
        } else if (happens(0.1)
                && there.origin() == Origin.USUAL
                && there.action().name().equals(Action.TAP)) {
            path.set(somewhere, there.as(Origin.NOISE));
            path.add(somewhere, there.as(Origin.NOISE));
        }
        return path;
    }

    private boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    private PlannedStep noise(int screen) {
        if (random.nextInt(4) == 0) {
            return new PlannedStep(Action.waiting(random.nextInt(1, 6)), screen, Origin.NOISE);
        }
        boolean covered = random.nextBoolean();
        int seen = covered ? group.path().spareScreens() + random.nextInt(UsualPath.SPARE_SCREENS) : screen;
        return new PlannedStep(Action.tap(places.fresh(random)), seen, Origin.NOISE);
    }

    /** Gives the run its outcome, and with some probability a problem. */
    void play(boolean succeeds) {
        // In a group with so few runs a run cannot be compared with others.
        boolean happened = group.kind() != Kind.RARE && (succeeds ? playSuccess() : playFailure());
        if (!succeeds && !happened) {
            failWithoutPattern();
        }
    }

    private boolean playSuccess() {
        int drawn = random.nextInt(100);
        if (drawn < 4) {
            return loop(false);
        } else if (drawn < 8) {
            return slowStep();
        } else if (drawn < 11) {
            return waits();
        } else if (drawn < 14) {
            return takeOvers();
        }
        return drawn < 16 && unknownApp();
    }

    private boolean playFailure() {
        int drawn = random.nextInt(100);
        if (drawn < 28) {
            return failLikeOthers();
        } else if (drawn < 46) {
            return leavePath();
        } else if (drawn < 61) {
            return loop(true);
        }
        return drawn < 66 && failForUnknownApp();
    }

    private boolean slowStep() {
        int index = usualStep(step -> true);
        boolean speedChanges = group.change() != null && group.change().slowness() != 1;
        if (index < 0 || speedChanges) {
            return false;
        }
        steps.set(index, steps.get(index).slower(random.nextDouble(5, 10), true));
        planted.add(new Planted("slow_step", Scorer.step(taskId, index + 1)));
        return true;
    }

    /** Inserts waits along the whole path, so that no screen is waited for repeatedly. */
    private boolean waits() {
        int count = Math.min(random.nextInt(MIN_WAITS, MAX_WAITS + 1), steps.size() - 1);
        List<Action> waits = IntStream.range(0, count)
                .mapToObj(i -> Action.waiting(MIN_WAIT_SECONDS + i % MIN_WAITS))
                .toList();
        if (count < MIN_WAITS) {
            return false;
        }
        spread(Chance.shuffled(waits, random));
        planted.add(new Planted("too_many_waits", taskId));
        return true;
    }

    private boolean takeOvers() {
        List<Action> asked = Texts.REQUESTS_TO_USER.stream()
                .map(message -> Action.of(Action.TAKE_OVER, "message", message))
                .toList();
        int count = random.nextInt(1, asked.size() + 1);
        spread(Chance.shuffled(asked, random).subList(0, count));
        planted.add(new Planted("take_over", taskId));
        return true;
    }

    /** Inserts each action before a different step. */
    private void spread(List<Action> actions) {
        List<Integer> indices =
                Chance.shuffled(IntStream.range(1, steps.size()).boxed().toList(), random);
        List<Integer> chosen =
                indices.subList(0, actions.size()).stream().sorted().toList();
        for (int i = actions.size() - 1; i >= 0; i--) {
            int index = chosen.get(i);
            steps.add(index, new PlannedStep(actions.get(i), steps.get(index).screen(), Origin.PLANTED));
        }
    }

    /** The agent first tries an app that is not installed, and then does the task in the usual way. */
    private boolean unknownApp() {
        String app = Chance.oneOf(Texts.UNKNOWN_APPS, random);
        steps.add(
                0,
                new PlannedStep(Action.launch(app), steps.get(0).screen(), Origin.PLANTED)
                        .failing("App not found: " + app));
        planted.add(new Planted("unknown_app", List.of(taskId, app)));
        return true;
    }

    private boolean failForUnknownApp() {
        unknownApp();
        commonError = steps.get(0).error();
        endAt(0, commonError, Outcome.failed(commonError));
        return true;
    }

    private boolean failLikeOthers() {
        commonError = Chance.oneOf(Texts.COMMON_ERRORS, random);
        String error = Texts.error(commonError, random);
        endAt(onTheWay(), error, Outcome.failed(error));
        return true;
    }

    /** The agent takes a path that no other run took, and does not return. */
    private boolean leavePath() {
        int index = usualStep(step -> true);
        if (index < 0 || group.kind() == Kind.ALWAYS_FAILS) {
            return false;
        }
        int count = random.nextInt(4, 11);
        int screen = random.nextInt(UsualPath.SPARE_SCREENS);
        for (int i = 0; i < count; i++) {
            // The first of these taps is on a screen of the usual path, the others are on screens after it.
            int seen = i == 0 ? steps.get(index).screen() : spareScreen(screen + i);
            steps.add(index + i, new PlannedStep(Action.tap(places.fresh(random)), seen, Origin.PLANTED));
        }
        String error = random.nextBoolean() ? Texts.uniqueError(random) : null;
        endAt(index + count - 1, error, Outcome.failed(error));
        planted.add(new Planted("path_deviation", Scorer.step(taskId, index + 1)));
        return true;
    }

    /** A failure without a pattern. The ending may be undecided if the group's success rate does not matter. */
    private void failWithoutPattern() {
        int end = onTheWay();
        boolean mayBeUndecided = group.kind() == Kind.STEADY || group.kind() == Kind.ALWAYS_FAILS;
        if (mayBeUndecided && happens(0.3)) {
            endAt(end, null, Chance.oneOf(Outcome.UNDECIDED, random));
        } else if (random.nextBoolean()) {
            String error = Texts.uniqueError(random);
            endAt(end, error, Outcome.failed(error));
        } else {
            endAt(end, null, random.nextInt(3) == 0 ? Outcome.TOO_LONG : Outcome.STOPPED);
        }
    }

    /**
     * Repeats one action while the screen stays the same. The agent may try other actions in between, or go back and
     * return.
     *
     * @param isTheEnd whether the run fails by it; otherwise the agent finally continues
     */
    private boolean loop(boolean isTheEnd) {
        int index = usualStep(step -> CAN_LOOP.contains(step.action().name()));
        if (index < 0) {
            return false;
        }
        int manner = random.nextInt(3); // only repeats, tries others in between, or goes back and returns
        boolean returns = manner == 2;
        int times = returns ? 3 : random.nextInt(3, 11); // more Backs would themselves be a loop
        boolean exactly = random.nextBoolean();
        PlannedStep first = steps.get(index).as(Origin.PLANTED);
        List<PlannedStep> tries = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            numbers.add(index + tries.size() + 1);
            tries.add(exactly ? first : first.with(first.action().jittered(random)));
            if (i < times - 1 && manner == 1) {
                Action.Place other = places.fresh(random);
                Action action = random.nextInt(3) == 0 ? Action.swipe(other) : Action.tap(other);
                tries.add(new PlannedStep(action, first.screen(), Origin.PLANTED));
            } else if (i < times - 1 && returns) {
                tries.add(new PlannedStep(Action.back(), spareScreen(0), Origin.PLANTED));
            }
        }
        steps.remove(index);
        steps.addAll(index, tries);
        if (isTheEnd) {
            Outcome end = random.nextBoolean() ? Outcome.STOPPED : Outcome.TOO_LONG;
            endAt(index + tries.size() - 1, null, end);
        }
        planted.add(new Planted("loop", new Scorer.Loop(taskId, List.copyOf(numbers))));
        return true;
    }

    /** Returns the index of an inner step on the usual path that is not next to noise; -1 if there is none. */
    private int usualStep(Predicate<PlannedStep> which) {
        List<Integer> indices = new ArrayList<>();
        for (int i = 1; i < steps.size() - 2; i++) {
            if (isUsual(i - 1) && isUsual(i) && isUsual(i + 1) && which.test(steps.get(i))) {
                indices.add(i);
            }
        }
        return indices.isEmpty() ? -1 : Chance.oneOf(indices, random);
    }

    private boolean isUsual(int index) {
        return steps.get(index).origin() == Origin.USUAL;
    }

    private int onTheWay() {
        return random.nextInt(steps.size() / 3, steps.size() - 1);
    }

    /** A screen that no path uses; consecutive numbers give different screens. */
    private int spareScreen(int number) {
        return group.path().spareScreens() + number % UsualPath.SPARE_SCREENS;
    }

    private void endAt(int index, @Nullable String error, Outcome how) {
        steps.subList(index + 1, steps.size()).clear();
        steps.set(index, steps.get(index).failing(error));
        outcome = how;
    }
}
