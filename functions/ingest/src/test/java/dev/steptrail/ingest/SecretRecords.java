package dev.steptrail.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/** Records of a task as JSON, with a secret wherever an agent can write text. */
record SecretRecords(String secret, String sender, UUID task) {
    private static final ObjectMapper JSON = new ObjectMapper();

    String started() {
        return filled("""
                {"v":1,"record":"task_started","task_id":"TASK","timestamp":"2026-03-01T10:00:00Z","name":"SECRET",
                 "description":"SECRET","agent":"SECRET","model":"SECRET","device_id":"SECRET","metadata":{"SECRET":"SECRET"},
                 "previous_task_id":null,"on_behalf_of":null,"x_SECRET":"SECRET"}""");
    }

    String step(int number) {
        return filled("""
                {"v":1,"record":"step","task_id":"TASK","timestamp":"2026-03-01T10:00:01Z","step_number":NUMBER,
                 "step_type":"SECRET","thinking":"SECRET","action":{"SECRET":"SECRET"},"action_result":{"SECRET":["SECRET"]},
                 "duration_ms":5,"success":false,"error_message":"SECRET","timings":{"SECRET":"SECRET"},
                 "resources":{"SECRET":"SECRET"},"x_noise":"NOISE","x_SECRET":"SECRET",
                 "frames":[],"screenshots":[{"role":"before","screenshot_path":"screenshots/SENDER/TASK/SECRET.webp",
                   "file_hash":"SECRET","file_size":1,"original_size":1,"width":1,"height":1,"format":"SECRET",
                   "compressed":true,"sensitive":false,"redacted_regions":[],"captured_at":null,"perceptual_hash":"SECRET",
                   "thumbnail_path":"screenshots/SENDER/TASK/SECRET","x_SECRET":"SECRET"}]}""".replace("NUMBER", String.valueOf(number)));
    }

    String losses() {
        return filled("""
                {"v":1,"record":"losses","task_id":"TASK","timestamp":"2026-03-01T10:00:02Z","dropped_steps":{"SECRET":1},
                 "dropped_screenshots":{"SECRET":2},"x_SECRET":"SECRET"}""");
    }

    String ended() {
        return filled("""
                {"v":1,"record":"task_ended","task_id":"TASK","timestamp":"2026-03-01T10:00:03Z","status":"failed",
                 "end_reason":"finished","message":"SECRET","last_step_number":1,"x_SECRET":"SECRET"}""");
    }

    private String filled(String template) {
        return template.replace("TASK", task.toString())
                .replace("SENDER", sender)
                .replace("NOISE", noise())
                .replace("SECRET", secret);
    }

    /** Too long for an index entry even when compressed. */
    private static String noise() {
        return new Random(7)
                .ints(10_000, 'a', 'z')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    static String with(String record, String field, String value) throws IOException {
        ObjectNode changed = (ObjectNode) JSON.readTree(record);
        changed.set(field, JSON.readTree(value));
        return changed.toString();
    }

    /** Returns one copy of the object per field, with this value in the field. */
    List<String> withInvalidFields(String value) throws IOException {
        List<String> withInvalidFields = new ArrayList<>();
        for (String record : List.of(started(), step(1), losses(), ended())) {
            withInvalidFields.addAll(withInvalidFields(record, value));
        }
        JsonNode screenshot = JSON.readTree(step(1)).at("/screenshots/0");
        for (String bad : withInvalidFields(screenshot.toString(), value)) {
            withInvalidFields.add(with(step(1), "screenshots", "[" + bad + "]"));
        }
        String attachment = "{\"field\":\"thinking\",\"path\":\"attachments/" + sender + "/" + task + "/" + secret
                + "\",\"file_hash\":\"" + "0".repeat(64) + "\",\"file_size\":1,\"original_size\":1}";
        for (String bad : withInvalidFields(attachment, value)) {
            withInvalidFields.add(with(step(1), "attachments", "[" + bad + "]"));
        }
        return withInvalidFields;
    }

    private static List<String> withInvalidFields(String object, String value) throws IOException {
        List<String> withInvalidFields = new ArrayList<>();
        Iterator<String> names = JSON.readTree(object).fieldNames();
        while (names.hasNext()) {
            withInvalidFields.add(with(object, names.next(), value));
        }
        return withInvalidFields;
    }
}
