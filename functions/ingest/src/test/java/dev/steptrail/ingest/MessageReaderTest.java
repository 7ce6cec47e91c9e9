package dev.steptrail.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;

class MessageReaderTest {
    private static final int LONG = 300_000;

    /** Every third is long, every fifth is invalid. */
    @RepeatedTest(20)
    void messages_ofAnySize_areReturnedInOrder() {
        List<SQSMessage> messages = IntStream.range(0, 60)
                .mapToObj(number -> Messages.message("sender-" + number, json(number)))
                .toList();

        MessageReader reader = new MessageReader(messages);

        for (int number = 0; number < messages.size(); number++) {
            MessageReader.Delivery read = reader.next();
            assertThat(read.message().senderId()).isEqualTo("sender-" + number);
            if (number % 5 == 0) {
                assertThat(read.message().rejection()).isNotNull();
                assertThat(read.length()).isZero();
            } else {
                assertThat(read.message().rejection()).isNull();
                assertThat(read.length()).isEqualTo(json(number).length());
            }
        }
    }

    private static String json(int number) {
        String rest = number % 3 == 0 ? " ".repeat(LONG) : "";
        return number % 5 == 0 ? rest + "none" : "{\"v\":1,\"records\":[]}" + rest;
    }
}
