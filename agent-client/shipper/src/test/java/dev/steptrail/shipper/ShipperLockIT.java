package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One shipper an outbox. */
class ShipperLockIT extends AgainstLocalAws {
    @Test
    void anOutboxHasOneShipper() throws Exception {
        try (Shipper shipper = open(Clock.systemUTC())) {
            assertThat(shipper).isNotNull();
            assertThat(Shipper.open(outbox, ShipperSettings.from(aws.environment())))
                    .isEmpty();
        }
        open(Clock.systemUTC()).close();
    }

    @Test
    void aShipperThatCannotBeOpened_givesTheOutboxFree() throws Exception {
        Map<String, String> environment = new HashMap<>(aws.environment("STEPTRAIL_SENDER", ""));
        environment.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
        assertThatThrownBy(() -> ship(environment))
                .isInstanceOf(ShipException.class)
                .hasMessageStartingWith("STS cannot be reached");

        open(Clock.systemUTC()).close();
    }
}
