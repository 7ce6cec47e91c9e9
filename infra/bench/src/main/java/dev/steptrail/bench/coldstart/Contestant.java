package dev.steptrail.bench.coldstart;

import java.io.IOException;
import java.util.function.Predicate;

/**
 * A function whose start is measured.
 *
 * @param name for the file of its archive
 * @param event what it is asked, another one each time
 * @param isAnswered whether a response tells that it was done
 */
record Contestant(String name, Deployment function, Event event, Predicate<String> isAnswered) {
    /** Makes an event, in JSON. */
    interface Event {
        String next() throws IOException;
    }

    /**
     * Starts it, has it answer one event, and ends it.
     *
     * @return from the start of the process to the response, in milliseconds
     * @throws IOException if the answer is not the right one
     */
    double start(LambdaRuntime runtime) throws IOException, InterruptedException {
        try (RuntimeApi api = RuntimeApi.offering(event.next())) {
            long begun = System.nanoTime();
            Process process = runtime.start(function, api);
            try {
                RuntimeApi.Response response = api.await();
                if (!isAnswered.test(response.body())) {
                    throw new IOException(name + " answered " + response.body());
                }
                return (response.at() - begun) / 1e6;
            } finally {
                process.destroy(); // who makes an archive makes it now
                process.onExit().join();
            }
        }
    }
}
