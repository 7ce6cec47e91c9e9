package dev.steptrail.bench.coldstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A function of {@link LambdaRuntime} whose processes are started and timed, each time a new one.
 *
 * @param event makes the event of one process
 * @param isExpected whether a response is the right one
 * @param library the native part of the runtime interface client
 */
record MeasuredFunction(
        Path folder,
        String handler,
        Map<String, String> settings,
        Supplier<String> event,
        Predicate<String> isExpected,
        Path library) {
    /** The times of one process, in milliseconds. */
    private record Times(double initialisation, double firstEvent) {}

    /** Milliseconds from the start of the JVM until a snapshot of it can be taken. */
    double initialisation() throws IOException, InterruptedException {
        return times(true).initialisation();
    }

    /** Milliseconds from the restore of a snapshot to the first response. */
    double firstEvent() throws IOException, InterruptedException {
        return times(true).firstEvent();
    }

    /** Milliseconds from the start of the JVM to the first response, without a snapshot. */
    double coldStart() throws IOException, InterruptedException {
        return times(false).firstEvent();
    }

    private Times times(boolean snapStart) throws IOException, InterruptedException {
        try (RuntimeApi api = RuntimeApi.start(event.get())) {
            long started = System.nanoTime();
            Process process = new LambdaRuntime(library, snapStart).start(folder, handler, settings, api);
            try {
                long initialised = snapStart ? api.awaitCheckpoint() : started;
                long restored = snapStart ? System.nanoTime() : started;
                if (snapStart) {
                    api.restore();
                }
                RuntimeApi.Response response = api.await();
                if (!isExpected.test(response.body())) {
                    throw new IOException(handler + " returned " + response.body());
                }
                return new Times((initialised - started) / 1e6, (response.at() - restored) / 1e6);
            } finally {
                process.destroyForcibly().onExit().join();
            }
        }
    }
}
