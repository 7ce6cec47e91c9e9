package dev.steptrail.demophone.state;

import java.time.Clock;
import java.time.LocalDateTime;

/** State of the phone that is kept when a screen is closed. Not thread-safe. */
public final class PhoneState {
    private final Clock clock;
    private final Volumes volumes = new Volumes();
    private final Notebook notebook = new Notebook();

    public PhoneState(Clock clock) {
        this.clock = clock;
    }

    /** Returns the phone's local time. */
    public LocalDateTime now() {
        return LocalDateTime.now(clock);
    }

    public Volumes volumes() {
        return volumes;
    }

    public Notebook notebook() {
        return notebook;
    }
}
