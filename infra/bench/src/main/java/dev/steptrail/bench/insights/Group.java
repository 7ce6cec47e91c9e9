package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Behaviour.Change;
import dev.steptrail.bench.insights.Behaviour.Kind;
import dev.steptrail.bench.insights.UsualPath.Detour;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one task text.
 *
 * @param screens null where they are recorded without screenshots
 */
record Group(
        int number,
        String description,
        Behaviour behaviour,
        UsualPath path,
        @Nullable Screens screens) {
    boolean is(Kind kind) {
        return behaviour.kind() == kind;
    }

    /** Whether its steps take as long at the end of the history as at its beginning. */
    boolean isAsFastAsEver() {
        Change change = behaviour.change();
        return change == null || change.slowness() == 1;
    }

    /** What is wrong with all of its runs together. */
    Optional<Planted> planted() {
        Change change = behaviour.change();
        Detour shortcut = path.shortcut();
        if (change != null) {
            return Optional.of(new Planted.Regression(description, change.dimension(), change.from(), change.to()));
        }
        if (shortcut != null) {
            return Optional.of(new Planted.ShorterPath(description, shortcut.saved()));
        }
        return is(Kind.FLAKY) ? Optional.of(new Planted.FlakyTask(description)) : Optional.empty();
    }
}
