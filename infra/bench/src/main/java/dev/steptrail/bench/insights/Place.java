package dev.steptrail.bench.insights;

import java.util.List;

/** A point of the screen, in thousandths of its width and height, as Open-AutoGLM counts. */
record Place(int x, int y) {
    private static final int LAST = 999;

    /** Nearer than this, two taps may be meant for the same button. */
    private static final int APART = 40;

    Place moved(int right, int down) {
        return new Place(Math.max(0, Math.min(LAST, x + right)), Math.max(0, Math.min(LAST, y + down)));
    }

    boolean isNear(Place other) {
        return Math.abs(x - other.x) < APART && Math.abs(y - other.y) < APART;
    }

    List<Integer> json() {
        return List.of(x, y);
    }
}
