package dev.steptrail.cli.shipping;

import static dev.steptrail.cli.terminal.TextFormat.count;

import dev.steptrail.cli.command.StopOnSignal;
import dev.steptrail.shipper.ShipCounts;
import dev.steptrail.shipper.ShipLoop;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "ship",
        description = "Ship the outbox to SQS and S3, until stopped by a signal.",
        exitCodeList = {"130:stopped by SIGINT (Ctrl-C)", "143:stopped by SIGTERM"},
        footer = {
            "  steptrail ship --outbox /var/lib/steptrail/outbox",
            "  steptrail ship --once",
            OutboxCommand.SHIPPING_ENVIRONMENT
        })
public final class ShipCommand extends OutboxCommand {
    /** A batch that is being sent may take minutes without a network. */
    private static final Duration STOP_TIMEOUT = Duration.ofDays(1);

    @Option(names = "--once", description = "Ship what the outbox contains now, then exit.")
    private boolean once;

    @Mixin
    private ProgressBar bar = new ProgressBar();

    @Override
    public Integer call() throws Exception {
        ShipperSettings settings = ShipperSettings.from(environment());
        Outbox outbox = existingOutbox();
        Optional<Shipper> opened = Shipper.open(outbox, settings);
        if (opened.isEmpty()) {
            throw new IOException("the outbox " + outbox.folder() + " is being shipped by another process");
        }
        try (Shipper shipper = opened.get()) {
            if (once) {
                Closeable display = bar.start(outbox.tasks(), shipper.counts(), err());
                try (display) {
                    shipper.shipAll();
                }
                println(summary(shipper.counts()) + "; as " + shipper.sender());
            } else {
                return shipUntilStopped(shipper, outbox, settings) ? 0 : 1;
            }
        }
        return 0;
    }

    /** Ships until a signal stops the process. Returns false if the loop ended for another reason. */
    private boolean shipUntilStopped(Shipper shipper, Outbox outbox, ShipperSettings settings)
            throws InterruptedException {
        Thread loop = new Thread(new ShipLoop(shipper), "steptrail-shipper");
        StopOnSignal signal = new StopOnSignal(loop::interrupt, STOP_TIMEOUT, () -> {});
        try (signal) {
            // STS is called only while shipping, because shipping must start without a network.
            String sender = settings.sender().orElse("the sender that STS returns");
            println("shipping " + outbox.folder() + " as " + sender + " until stopped");
            loop.start();
            loop.join();
        }
        return loop.isInterrupted();
    }

    public static String summary(ShipCounts counts) {
        String stored = counts.attachments() == 0
                ? " and " + count(counts.screenshots(), "screenshot")
                : ", " + count(counts.screenshots(), "screenshot") + " and "
                        + count(counts.attachments(), "attachment");
        String text = "shipped " + count(counts.records(), "record") + stored + "; " + count(counts.tasks(), "task")
                + " completed";
        if (counts.lostScreenshots() > 0) {
            text += "; " + count(counts.lostScreenshots(), "screenshot") + " lost";
        }
        if (counts.rejected() > 0) {
            text += "; " + count(counts.rejected(), "line") + " rejected";
        }
        return text;
    }
}
