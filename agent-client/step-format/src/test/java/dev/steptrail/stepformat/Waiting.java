package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Polls a condition for up to 60 s. */
public final class Waiting {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Waiting() {}

    public static void until(String what, Callable<Boolean> holds) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!holds.call()) {
                assertThat(System.nanoTime())
                        .as("waited %d s until %s", PATIENCE.toSeconds(), what)
                        .isLessThan(deadline);
                Thread.sleep(50);
            }
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
