package dev.steptrail.bench.client;

/** What the steps of all recorders say. */
final class Example {
    static final String THINKING =
            "The slider is half way to the right. To turn the volume up I tap near its right end.";

    private Example() {}
}
