package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.stepformat.MemoryFolder;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;

/** The tab with the model call of a step: its input is stored compressed, apart from the step. */
class ModelTabIT extends BrowserTest {
    @Test
    void largeInput_isLoaded_alsoByAShareLink() throws Exception {
        faults.expect("404"); // the task has no screenshot
        List<Map<String, String>> messages = IntStream.range(0, 2000)
                .mapToObj(number -> Map.of("role", "user", "content", "message " + number + " Open the camera."))
                .toList();
        TaskPage task = new TaskPage(reader());
        Locator tab = open(task, "/tasks/" + recorded(messages) + "#step=1");

        assertThat(tab.locator("h4")).hasCount(50);
        assertThat(tab).containsText("and 1,950 more");
        assertThat(tab).containsText("message 1 Open the camera.");
        assertThat(tab).containsText("Launch the camera.");
        assertThat(tab.locator("dt")).hasCount(0);
        assertThat(tab.locator(".missing"))
                .hasText(
                        "Not recorded for this step: Model, Input tokens, Cached input tokens, Output tokens, Cost, Time");
        task.share().getByLabel(Pattern.compile("Include model input")).check();
        task.page().locator("st-share-dialog button.primary").click();
        Locator address = task.page().locator("st-share-dialog .link input");
        address.waitFor();
        Locator shared = open(new TaskPage(stranger()), address.inputValue() + "&step=1");
        assertThat(shared.locator("h4")).hasCount(50);
    }

    /** Opens the tab, and loads the input. */
    private static Locator open(TaskPage task, String address) {
        task.page().navigate(address + "&tab=model");
        Locator tab = task.page().locator("st-model-tab");
        tab.locator("button").getByText("Load").click();
        return tab;
    }

    /** Records a task with a model call, ships it, and returns its id. */
    private UUID recorded(Object input) throws Exception {
        Path outbox = MemoryFolder.create();
        UUID id;
        try (StepTracker tracker =
                StepTracker.builder(outbox).recordModelCalls(true).build()) {
            TrackedTask task = tracker.startTask("Open the camera");
            id = task.id();
            task.record(StepData.action(Map.of("action", "Launch", "app", "Camera"))
                    .modelInput(input)
                    .modelOutput("Launch the camera.")
                    .succeeded()
                    .build());
            task.succeeded("The camera is open.");
        }
        try (Shipper shipper = Shipper.open(Outbox.open(outbox), ShipperSettings.from(cloud().environment()))
                .orElseThrow()) {
            shipper.shipAll();
        }
        cloud().awaitIngest();
        FileUtils.deleteQuietly(outbox.toFile());
        return id;
    }
}
