package dev.steptrail.localcloud.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** A handler that reads its event and writes its answer itself. */
class ExecutionEnvironmentTest {
    private static CompletableFuture<byte[]> invoke(RequestStreamHandler handler) {
        return new ExecutionEnvironment(handler, "Test").invoke("{\"a\":1}".getBytes(UTF_8), null);
    }

    @Test
    void anAnswer_isWhatTheHandlerWrote() throws Exception {
        assertThat(invoke((event, answer, context) -> event.transferTo(answer)).get())
                .asString(UTF_8)
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void whatAHandlerWroteBeforeItFailed_isNoAnswer() {
        CompletableFuture<byte[]> failed = invoke((event, answer, context) -> {
            answer.write("{\"statusCode\":200".getBytes(UTF_8));
            throw new IOException("no more");
        });

        assertThatThrownBy(failed::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("no more");
    }
}
