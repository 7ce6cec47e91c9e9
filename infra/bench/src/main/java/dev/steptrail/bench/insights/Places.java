package dev.steptrail.bench.insights;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Places of the screen that were used, so that what shall be another action can be somewhere else. */
final class Places {
    private static final int MARGIN = 40;
    private static final int SCREEN = 1000;

    private final List<Place> used;

    Places() {
        this(List.of());
    }

    private Places(List<Place> used) {
        this.used = new ArrayList<>(used);
    }

    Places copy() {
        return new Places(used);
    }

    /** A place near none that was used; it is used from now on. */
    Place fresh(RandomGenerator random) {
        while (true) {
            Place place = new Place(random.nextInt(MARGIN, SCREEN - MARGIN), random.nextInt(MARGIN, SCREEN - MARGIN));
            if (used.stream().noneMatch(place::isNear)) {
                used.add(place);
                return place;
            }
        }
    }
}
