package dev.steptrail.bench.insights;

import java.util.List;
import java.util.random.RandomGenerator;

/** What an agent may do next on its way, each thing only as often as it is no loop. */
final class Steps {
    /** Of the steps between launch and finish, in hundredths; the rest are taps. */
    private static final int SWIPES = 13;

    private static final int TYPED = SWIPES + 9;
    private static final int BACKS = TYPED + 7;
    private static final int LONG_PRESSES = BACKS + 3;
    private static final int DOUBLE_TAPS = LONG_PRESSES + 2;
    private static final int LAUNCHES = DOUBLE_TAPS + 2;
    private static final int WAITS = LAUNCHES + 3;
    private static final int HOMES = WAITS + 1;

    private final RandomGenerator random;
    private final Places places = new Places();
    private final List<String> apps;
    private final List<String> texts;
    private int backs;
    private int waits = 1;
    private int homes = 1;

    /**
     * Of one path.
     *
     * @param withScreens whether a Back that leads from one screen to another can be told from one that does nothing
     */
    Steps(boolean withScreens, RandomGenerator random) {
        this.random = random;
        this.apps = Chance.shuffled(Texts.APPS, random);
        this.texts = Chance.shuffled(Texts.TYPED, random);
        this.backs = withScreens ? Integer.MAX_VALUE : 2;
    }

    Places places() {
        return places;
    }

    PhoneAction launch() {
        return PhoneAction.launch(apps.remove(apps.size() - 1));
    }

    PhoneAction tap() {
        return PhoneAction.tap(places.fresh(random));
    }

    PhoneAction next() {
        int drawn = random.nextInt(100);
        if (drawn < SWIPES) {
            return PhoneAction.swipe(places.fresh(random));
        }
        if (drawn < TYPED && !texts.isEmpty()) {
            return PhoneAction.type(texts.remove(texts.size() - 1));
        }
        if (drawn >= TYPED && drawn < BACKS && backs-- > 0) {
            return PhoneAction.back();
        }
        if (drawn >= BACKS && drawn < DOUBLE_TAPS) {
            return PhoneAction.at(
                    drawn < LONG_PRESSES ? PhoneAction.LONG_PRESS : PhoneAction.DOUBLE_TAP, places.fresh(random));
        }
        return drawn >= DOUBLE_TAPS && drawn < HOMES ? rare(drawn) : tap();
    }

    private PhoneAction rare(int drawn) {
        if (drawn < LAUNCHES && !apps.isEmpty()) {
            return launch();
        }
        if (drawn < WAITS && waits-- > 0) {
            return PhoneAction.waiting(random.nextInt(1, 6));
        }
        return drawn >= WAITS && homes-- > 0 ? PhoneAction.home() : tap();
    }
}
