package dev.steptrail.demophone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The demo model's script for demonstrations. It operates the simulated phone for the instructions in
 * {@code instructions.json}, in the reply format of AutoGLM models. Any other instruction is rejected with status 400.
 */
final class DemoInstructions implements DemoScript {
    private static final Duration BEFORE_FIRST_TOKEN = Duration.ofMillis(300);
    private static final Duration BETWEEN_CHUNKS = Duration.ofMillis(20);

    private final List<Instruction> instructions = read();

    /**
     * An instruction that the script knows.
     *
     * @param example for users
     * @param pattern of the whole instruction; a group {@code text} is inserted at <code>{text}</code> in actions
     * @param steps of the task; if the last one does not finish it, it is repeated
     */
    private record Instruction(String example, Pattern pattern, List<Step> steps) {}

    private record Step(String thinking, String action) {}

    @Override
    public DemoReply reply(JsonNode request) {
        String instruction = instruction(request);
        for (Instruction known : instructions) {
            Matcher matcher = known.pattern().matcher(instruction);
            if (matcher.matches()) {
                int index =
                        Math.min(DemoScript.repliesIn(request), known.steps().size() - 1);
                Step step = known.steps().get(index);
                String action = step.action().contains("{text}")
                        ? step.action().replace("{text}", quoted(matcher.group("text")))
                        : step.action();
                return reply(step.thinking(), action);
            }
        }
        String examples = String.join(
                "; ", instructions.stream().map(Instruction::example).toList());
        return new DemoReply.HttpError(400, "the demo model knows only: " + examples);
    }

    private static DemoReply reply(String thinking, String action) {
        return DemoReply.text(thinking + "\n" + action).withDelays(BEFORE_FIRST_TOKEN, BETWEEN_CHUNKS);
    }

    /** Returns the text of the first user message, up to the first empty line, after which the screen is described. */
    private static String instruction(JsonNode request) {
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asText().equals("user")) {
                return DemoModel.text(message).split("\n\n", 2)[0].strip();
            }
        }
        return "";
    }

    /** Escapes a text for a string literal of Python. */
    private static String quoted(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static List<Instruction> read() {
        try (InputStream file = DemoInstructions.class.getResourceAsStream("instructions.json")) {
            if (file == null) {
                throw new IllegalStateException("instructions.json is not on the class path");
            }
            return List.of(new ObjectMapper().readValue(file, Instruction[].class));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read instructions.json", e);
        }
    }
}
