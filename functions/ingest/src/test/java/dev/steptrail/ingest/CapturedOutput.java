package dev.steptrail.ingest;

import dev.steptrail.store.TestContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;

/** Captures standard output, standard error and library logs of this JVM, which form a function's log. */
final class CapturedOutput {
    private static final Logger ROOT = Logger.getLogger("");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final Handler logs = new StreamHandler(stream, new SimpleFormatter());
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    void start() {
        System.setOut(stream);
        System.setErr(stream);
        logs.setLevel(Level.ALL);
        ROOT.addHandler(logs);
    }

    void stop() {
        ROOT.removeHandler(logs);
        System.setOut(out);
        System.setErr(err);
    }

    /** Returns the captured output and the function's log. */
    String withLogOf(TestContext context) {
        logs.flush();
        return bytes.toString(StandardCharsets.UTF_8) + context.logged();
    }
}
