package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Behaviour.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes the groups of a history: 80 task texts, half of them with screenshots. */
final class Groups {
    private Groups() {}

    static List<Group> drawn(Seeds seeds, Instant middle) {
        List<String> tasks = Chance.shuffled(Texts.tasks(), seeds.of(Seeds.Purpose.GROUP, -1));
        List<Group> groups = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < kind.groups; i++) {
                int number = groups.size();
                RandomGenerator random = seeds.of(Seeds.Purpose.GROUP, number);
                // By pairs, since what every other one of a kind has would else always come with screenshots.
                boolean withScreens = i / 4 % 2 == i % 2;
                // Of each kind some are short and some long, so that histories are alike in size.
                double rank = (i + random.nextDouble()) / kind.groups;
                UsualPath path = PathDrawing.drawn(withScreens, kind == Kind.SHORTCUT, rank, random);
                groups.add(new Group(
                        number,
                        tasks.get(number),
                        Behaviour.drawn(kind, i, middle, random),
                        path,
                        withScreens ? Screens.drawn(path.screens(), random) : null));
            }
        }
        return Collections.unmodifiableList(groups);
    }
}
