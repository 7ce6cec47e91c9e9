package dev.steptrail.shipper;

import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Ships the outbox in its argument until it is killed, with the settings in its environment. */
final class ShippingProcess {
    private ShippingProcess() {}

    static ProcessBuilder of(Outbox outbox, String... options) {
        return JavaProcess.of(
                List.of(options), ShippingProcess.class, outbox.folder().toString());
    }

    public static void main(String[] arguments) throws IOException {
        Outbox outbox = Outbox.open(Path.of(arguments[0]));
        try (Shipper shipper =
                Shipper.open(outbox, ShipperSettings.from(System.getenv())).orElseThrow()) {
            System.out.println("shipping " + outbox.folder());
            new ShipLoop(shipper, Duration.ofMillis(50)).run();
        }
    }
}
