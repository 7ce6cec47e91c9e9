package dev.steptrail.api.contract;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.api.AdminApiTestBase;
import dev.steptrail.api.Api;
import dev.steptrail.api.RejectedMessagesTestBase;
import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The data for {@link GeneratedRequest}s: a task with a share link and judgements, a rejected message, a job, an agent,
 * and prices. Data that a request deletes is recreated for the next request.
 */
final class TestData {
    private static final String SENDER = "AIDAALICE";

    private final Api owner;
    private final Api admin;
    private final Map<String, String> values = new HashMap<>();
    private final Map<String, String> cursors = new HashMap<>();
    private String token;
    private String tag = "";

    TestData(Api owner, Api admin) {
        this.owner = owner;
        this.admin = admin;
        admin.call(AdminApiTestBase.REGISTER, SENDER, "", "{\"owner\":\"alice\"}");
        for (int i = 0; i < 3; i++) {
            renewTask();
        }
        addExperiments();
        renewRejected();
        renewAgent();
        renewPrice();
    }

    /** Returns the token of the task's share link. */
    String token() {
        return token;
    }

    /** Replaces the placeholders in a text. */
    String resolve(Operation operation, String text) {
        String resolved = text.replace("$cursor", cursors.getOrDefault(operation.key(), ""))
                .replace("$etag", tag);
        for (Map.Entry<String, String> value : values.entrySet()) {
            resolved = resolved.replace(value.getKey(), value.getValue());
        }
        return resolved.replace("$task", values.get("$task_id"));
    }

    /** Updates the values from a response, and recreates what the request deleted. */
    void update(Operation operation, Api.Answer answer) {
        tag = answer.headers().getOrDefault("etag", tag);
        boolean succeeded = answer.status() < 300;
        switch (operation.method().text("operationId")) {
            case "deleteTask" -> renewIf(succeeded, this::renewTask);
            case "createShare" -> renewIf(answer.status() == 409, this::renewTask);
            case "deleteVerdict" -> renewIf(succeeded, this::renewVerdict);
            case "addTag" -> renewIf(answer.status() == 409, this::renewTask);
            case "removeTag" -> renewIf(succeeded, this::renewTag);
            case "removeLabel" -> renewIf(succeeded, this::renewLabel);
            case "deleteNote" -> renewIf(succeeded, this::renewNote);
            case "deletePrice" -> renewIf(succeeded, this::renewPrice);
            case "revokeShare" -> renewIf(succeeded, this::renewLinks);
            case "retryRejected" -> renewIf(succeeded, () -> values.put("$job_id", answer.text("/job_id")));
            case "discardRejected" -> renewIf(succeeded, this::renewRejected);
            case "removeAgent" -> renewIf(succeeded, this::renewAgent);
            default -> {
                if (answer.status() == 200
                        && isJson(answer)
                        && answer.json().path("next_cursor").isTextual()) {
                    cursors.put(operation.key(), answer.text("/next_cursor"));
                }
            }
        }
    }

    private static boolean isJson(Api.Answer answer) {
        return answer.headers().getOrDefault("content-type", "").equals("application/json");
    }

    private static void renewIf(boolean needed, Runnable renewal) {
        if (needed) {
            renewal.run();
        }
    }

    private void addExperiments() {
        for (String name : List.of("nightly 1", "nightly/2")) {
            for (String caseId : List.of("torch", "wifi|off")) {
                RejectedMessagesTestBase.ingest(
                        SENDER, startedRepeat(UuidV7.at(TestRecords.START), TestRecords.START, name, caseId));
            }
            values.put("$name", name);
        }
    }

    private void renewTask() {
        UUID task = UuidV7.at(TestRecords.START);
        String key = "screenshots/" + SENDER + "/" + task + "/a.webp";
        Attachment attachment = new Attachment(
                "model_input",
                "attachments/" + SENDER + "/" + task + "/a.json.gz",
                "0".repeat(64),
                10,
                20,
                Map.of("own", 1));
        RejectedMessagesTestBase.ingest(
                SENDER,
                TestRecords.started(
                        task,
                        null,
                        "Take a picture",
                        List.of(TestRecords.attachment("description", attachment.path()))),
                withScreenshot(step(task, 1), FrameRole.BEFORE, key)
                        .withModelCall(new ModelCall(Usage.of(12, null, 3), null, "Tap"))
                        .withAttachments(List.of(attachment)),
                step(task, 2, "'; DROP TABLE tasks; --", Map.of("own", "field", "cost", "own"))
                        .withModelCall(ModelCall.ofUsage(Usage.of(1000, 400, 30))),
                step(task, 5),
                ended(task, TaskStatus.FAILED, 5));
        values.put("$task_id", task.toString());
        values.put("$step_id", task + ".1");
        renewLinks();
        renewVerdict();
        values.put("$tag", "nightly");
        values.put("$label", "bad");
        renewTag();
        renewLabel();
        renewNote();
    }

    private void renewTag() {
        callOwner("PUT /api/tasks/{task_id}/tags/{tag}", "");
    }

    private void renewLabel() {
        callOwner("PUT /api/steps/{step_id}/labels/{label}", "");
    }

    private void renewNote() {
        JsonNode note = callOwner("POST /api/tasks/{task_id}/notes", "{\"text\":\"Look at this.\"}");
        values.put("$note_id", note.get("note_id").asText());
    }

    private JsonNode callOwner(String route, String body) {
        Map<String, String> path = new HashMap<>();
        values.forEach((placeholder, value) -> path.put(placeholder.substring(1), value));
        return owner.call(route, path, "", body, Map.of()).json();
    }

    private void renewVerdict() {
        JsonNode verdict = callOwner("PUT /api/tasks/{task_id}/verdicts", "{\"value\":\"pass\"}");
        values.put("$verdict_id", verdict.get("verdict_id").asText());
    }

    private void renewLinks() {
        token = share().get("token").asText();
        values.put("$share_id", share().get("share_id").asText());
    }

    private JsonNode share() {
        return owner.call(
                        "POST /api/tasks/{task_id}/shares",
                        values.get("$task_id"),
                        "",
                        "{\"include_sensitive\":true,\"include_details\":true,\"include_judgements\":true,"
                                + "\"include_model_calls\":true}")
                .json();
    }

    private void renewRejected() {
        UUID task = UuidV7.at(TestRecords.START);
        RejectedMessagesTestBase.ingest("AROANOBODY", step(task, 1));
        String id = AdminApiTestBase.DATABASE.value("SELECT max(id) FROM rejected_messages");
        values.put("$id", id);
        values.put("$job_id", admin.call(AdminApiTestBase.RETRY, id, "", null).text("/job_id"));
    }

    private void renewPrice() {
        String usd = "\"valid_from\":\"2026-03-01\",\"currency\":\"USD\",\"input_price\":3,\"output_price\":15}";
        for (String model : List.of("qwen/qwen-vl-max", "glm")) {
            admin.call("PUT /api/admin/prices", null, "", "{\"model\":\"" + model + "\"," + usd);
        }
    }

    private void renewAgent() {
        values.put("$sender_id", "AROAANY");
        admin.call(AdminApiTestBase.REGISTER, "AROAANY", "", "{\"owner\":\"bob\"}");
    }
}
