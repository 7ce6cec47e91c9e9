package dev.steptrail.bench.coldstart;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A function whose processes are started and timed, each time a new one.
 *
 * @param event makes the event of one process
 * @param isExpected whether a response is the right one
 * @param library the native part of the runtime interface client
 */
record MeasuredFunction(Deployment deployment, Event event, Predicate<String> isExpected, Path library) {
    /** Makes an event, in JSON. */
    interface Event {
        String next() throws IOException;
    }

    /** The times of one process, in milliseconds. */
    private record Times(double initialisation, double firstEvent) {}

    /** Milliseconds from the start of the JVM until a snapshot of it can be taken. */
    double initialisation() throws IOException, InterruptedException {
        return snapStart().initialisation();
    }

    /** Milliseconds from the restore of a snapshot to the first response. */
    double firstEvent() throws IOException, InterruptedException {
        return snapStart().firstEvent();
    }

    /** Milliseconds from the start of the JVM to the first response, without a snapshot. */
    double coldStart() throws IOException, InterruptedException {
        try (RuntimeApi api = RuntimeApi.offering(event.next())) {
            long started = System.nanoTime();
            Process process = new LambdaRuntime(library, false).start(deployment, api);
            try {
                return (responseAt(api) - started) / 1e6;
            } finally {
                process.destroyForcibly().onExit().join();
            }
        }
    }

    private Times snapStart() throws IOException, InterruptedException {
        try (RuntimeApi api = RuntimeApi.offering(event.next())) {
            long started = System.nanoTime();
            Process process = new LambdaRuntime(library, true).start(deployment, api);
            try {
                long initialised = api.awaitCheckpoint();
                long restored = System.nanoTime();
                api.restore();
                return new Times((initialised - started) / 1e6, (responseAt(api) - restored) / 1e6);
            } finally {
                process.destroyForcibly().onExit().join();
            }
        }
    }

    private long responseAt(RuntimeApi api) throws IOException, InterruptedException {
        RuntimeApi.Response response = api.await();
        if (!isExpected.test(response.body())) {
            throw new IOException(deployment.handler() + " returned " + response.body());
        }
        return response.at();
    }
}
