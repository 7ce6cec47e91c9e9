package dev.steptrail.phone.autoglm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.phone.model.ChatMessage;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The messages of a task, as Open-AutoGLM sends them: a system message, then screens of the phone and replies in turn.
 * Only the last message has an image, so that the conversation does not become too long. Not thread-safe.
 */
final class Conversation {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SystemPrompt systemPrompt;
    private final List<ChatMessage> messages = new ArrayList<>();

    Conversation(SystemPrompt systemPrompt) {
        this.systemPrompt = systemPrompt;
    }

    /** Adds a screen of the phone; with the first one also the system message and the instruction. */
    void addScreen(String instruction, String app, byte[] png) {
        String screenInfo = screenInfo(app);
        if (messages.isEmpty()) {
            messages.add(ChatMessage.system(systemPrompt.textFor(instruction, LocalDate.now(ZoneId.systemDefault()))));
            messages.add(ChatMessage.user(instruction + "\n\n" + screenInfo, png));
        } else {
            messages.add(ChatMessage.user("** Screen Info **\n\n" + screenInfo, png));
        }
    }

    /** Adds the reply to the last screen, whose image is removed. */
    void addReply(ModelReply reply) {
        int last = messages.size() - 1;
        messages.set(last, messages.get(last).withoutImage());
        messages.add(ChatMessage.assistant(reply.toHistory()));
    }

    List<ChatMessage> messages() {
        return List.copyOf(messages);
    }

    /** Returns the messages as they are recorded: like a request, with a reference to the step's frame as the image. */
    List<Map<String, Object>> toRecord() {
        return messages.stream()
                .map(message -> message.toJson(png -> Map.of("frame", "before")))
                .toList();
    }

    /** Returns what the model receives about the screen, in the form of Python's {@code json.dumps}. */
    private static String screenInfo(String app) {
        try {
            return "{\"current_app\": " + JSON.writeValueAsString(app) + "}";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a text is always JSON", e);
        }
    }
}
