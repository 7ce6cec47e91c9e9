package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tests {@link ParameterStore} with a server, which subclasses start. */
public abstract class ParameterStoreContract {
    private final String name = "/steptrail/contract/" + UUID.randomUUID() + "/api";
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-06-01T10:00:00Z"));

    /** Returns the settings of a client of the server. */
    protected abstract Settings settings();

    private ParameterStore store() {
        return new ParameterStore(settings(), now::get);
    }

    @Test
    void get_returnsTheLastValue_alsoWithJsonAndLineEnds() {
        ParameterStore store = store();

        store.put(name, "{\"user\":\"dev_api\",\"password\":\"p\\\"w\"}");
        assertThat(store().get(name)).isEqualTo("{\"user\":\"dev_api\",\"password\":\"p\\\"w\"}");
        store.put(name, "first\nsecond 相\n");
        assertThat(store().get(name)).isEqualTo("first\nsecond 相\n");
        assertThat(store.get(name)).as("not the value before put").isEqualTo("first\nsecond 相\n");
    }

    @Test
    void get_readsAgainAfterFiveMinutes_orAfterInvalidate() {
        ParameterStore reader = store();
        ParameterStore writer = store();
        writer.put(name, "one");
        assertThat(reader.get(name)).isEqualTo("one");

        writer.put(name, "two");
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(299)));
        assertThat(reader.get(name)).as("after 299 s").isEqualTo("one");
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
        assertThat(reader.get(name)).as("after 300 s").isEqualTo("two");

        writer.put(name, "three");
        reader.invalidate(name);
        assertThat(reader.get(name)).isEqualTo("three");
    }

    @Test
    void delete_removesParameters_andIgnoresMissingOnes() {
        ParameterStore store = store();
        store.put(name, "secret");
        assertThat(store.get(name)).isEqualTo("secret");

        store.delete(List.of(name, name + "-missing"));

        assertThatThrownBy(() -> store.get(name))
                .isInstanceOf(ParameterException.class)
                .hasMessage("the parameter '" + name
                        + "' does not exist; create it with: aws ssm put-parameter --type SecureString");
    }

    @Test
    void toString_doesNotContainTheSecret() {
        ParameterStore store = store();
        store.put(name, "secret-value");

        assertThat(store.get(name)).isEqualTo("secret-value");
        assertThat(store.toString()).doesNotContain("secret-value");
    }
}
