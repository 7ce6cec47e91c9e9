package dev.steptrail.localcloud.phone.state;

import java.time.Clock;
import java.time.LocalDateTime;

/** Everything that outlives the screen that shows it. For one thread. */
public final class PhoneState {
    private final Clock clock;
    private final Volumes volumes = new Volumes();
    private final Notebook notebook = new Notebook();

    public PhoneState(Clock clock) {
        this.clock = clock;
    }

    /** The time on the phone's clock, in the clock's zone. */
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
