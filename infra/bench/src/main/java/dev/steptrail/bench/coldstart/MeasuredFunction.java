package dev.steptrail.bench.coldstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A function whose cold start is measured. Each method starts a new process with {@link LambdaRuntime}.
 *
 * @param event creates an event for each process
 * @param isExpected verifies the response
 * @param library the native library of the runtime interface client
 */
record MeasuredFunction(
        Path folder,
        String handler,
        Map<String, String> settings,
        Supplier<String> event,
        Predicate<String> isExpected,
        Path library) {
    /** The durations of one process, in milliseconds. */
    private record Times(double initialisation, double firstEvent) {}

    /** Measures the milliseconds from the start of the JVM until Lambda would take a snapshot. */
    double measureInitialisation() throws IOException, InterruptedException {
        return measure(true).initialisation();
    }

    /** Measures the milliseconds from the restore of a snapshot to the first response. */
    double measureFirstEvent() throws IOException, InterruptedException {
        return measure(true).firstEvent();
    }

    /** Measures the milliseconds from the start of the JVM to the first response, without a snapshot. */
    double measureColdStart() throws IOException, InterruptedException {
        return measure(false).firstEvent();
    }

    private Times measure(boolean snapStart) throws IOException, InterruptedException {
        try (RuntimeApi api = RuntimeApi.start(event.get())) {
            long started = System.nanoTime();
            Process process = new LambdaRuntime(library, snapStart).start(folder, handler, settings, api);
            try {
                long initialised = snapStart ? api.awaitCheckpoint() : started;
                long restored = snapStart ? System.nanoTime() : started;
                if (snapStart) {
                    api.restore();
                }
                RuntimeApi.Response response = api.awaitResponse();
                if (!isExpected.test(response.body())) {
                    throw new IOException(handler + " returned " + response.body());
                }
                return new Times((initialised - started) / 1e6, (response.nanoTime() - restored) / 1e6);
            } finally {
                process.destroyForcibly().onExit().join();
            }
        }
    }
}
