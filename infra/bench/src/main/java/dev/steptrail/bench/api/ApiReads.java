package dev.steptrail.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.bench.Turns;
import dev.steptrail.bench.Turns.Turn;
import dev.steptrail.bench.bare.BareRead;
import dev.steptrail.bench.bare.BareReads;
import dev.steptrail.bench.database.TwoMillionSteps;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Each read by HTTP, beside a function that does nothing and the bare statements; and a page beside another. */
final class ApiReads {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String UNIT = "ms";
    private static final String PEER = "no-op route + bare statement";
    private static final int MIDDLE = TwoMillionSteps.LONG_TASK / 2;
    private static final int ROUNDS = 600;
    private static final int ROUNDS_OF_LONG = 100;
    private static final Bar BAR = new Bar.AtMost(2);

    private final ApiClient client;
    private final Tokens tokens;
    private final BareReads bare;
    private final String longTask;
    private final UUID longId;
    private final UUID shortId;

    ApiReads(ApiClient client, Tokens tokens, BareReads bare, TwoMillionSteps.Loaded tasks) {
        this.client = client;
        this.tokens = tokens;
        this.bare = bare;
        this.longId = tasks.longTask();
        this.shortId = tasks.shortTask();
        this.longTask = "/api/tasks/" + longId;
    }

    List<Measurement> measure(LocalDate since, LocalDate until) throws Exception {
        String steps = longTask + "/steps";
        String pictures = longTask + "/screenshots";
        String middle = "?cursor=" + cursorAfter(MIDDLE, steps + "?limit=1000");
        String middlePictures = "?cursor=" + cursorAfter(MIDDLE, pictures + "?");
        String step = "/api/steps/" + longId + "." + MIDDLE;
        String stats = "/api/stats?since=" + since + "&until=" + until;
        List<Measurement> measured = new ArrayList<>();
        measured.add(
                noted("page of 50 from the middle of 10,000 steps", steps + middle, bare.page(longId, MIDDLE), ROUNDS));
        measured.add(noted("first page of 50 of 10,000 steps", steps, bare.page(longId, 0), ROUNDS));
        measured.add(depth("page from the middle", steps + middle, steps, ROUNDS));
        measured.add(noted("report of 100 steps", "/api/tasks/" + shortId + "/report", bare.report(shortId), ROUNDS));
        measured.add(noted("report of 10,000 steps", longTask + "/report", bare.report(longId), ROUNDS_OF_LONG));
        measured.add(noted(
                "screenshots of 50 steps from the middle",
                pictures + middlePictures,
                bare.playback(longId, MIDDLE),
                ROUNDS));
        measured.add(noted("screenshots of the first 50 steps", pictures, bare.playback(longId, 0), ROUNDS));
        measured.add(depth("screenshots from the middle", pictures + middlePictures, pictures, ROUNDS));
        measured.add(noted(
                "one screenshot's URL", step + "/screenshot?redirect=false", bare.screenshot(longId, MIDDLE), ROUNDS));
        measured.add(unnoted("one task", longTask, bare.task(longId)));
        measured.add(unnoted("first 50 of an owner's tasks", "/api/tasks", bare.tasks()));
        measured.add(unnoted("half a year of an owner's statistics", stats, bare.stats(since, until)));
        measured.add(unnoted("last 50 of an owner's audit log", "/api/audit", bare.auditLog()));
        return measured;
    }

    /** Of what is written down each time, since each time somebody else reads. */
    private Measurement noted(String name, String path, BareRead peer, int rounds) throws Exception {
        return read(name, path, tokens::ofNewReader, peer, rounds);
    }

    /** Of what nobody writes down. */
    private Measurement unnoted(String name, String path, BareRead peer) throws Exception {
        return read(name, path, tokens::ofOwner, peer, ROUNDS);
    }

    private Measurement read(String name, String path, Supplier<String> reader, BareRead peer, int rounds)
            throws Exception {
        List<Double> times = Turns.medians(
                rounds,
                () -> client.get(path, reader.get()),
                () -> client.get(NoOpHandler.PATH, reader.get()),
                Turn.of(peer));
        return new Measurement(name, PEER, times.get(0), times.get(1) + times.get(2), UNIT, BAR);
    }

    private Measurement depth(String name, String deep, String first, int rounds) throws Exception {
        String owner = tokens.ofOwner();
        List<Double> times = Turns.medians(rounds, Turn.of(client.get(deep, owner)), Turn.of(client.get(first, owner)));
        return new Measurement(name, "first page", times.get(0), times.get(1), UNIT, new Bar.AtMost(1.1));
    }

    /** As a reader comes there: page by page. */
    private String cursorAfter(int steps, String path) throws Exception {
        String owner = tokens.ofOwner();
        String cursor = "";
        for (int read = 0; read < steps; ) {
            JsonNode page = JSON.readTree(client.get(cursor.isEmpty() ? path : path + "&cursor=" + cursor, owner)
                    .call());
            JsonNode items = page.elements().next();
            read = items.get(items.size() - 1).get("step_number").asInt();
            cursor = page.get("next_cursor").asText();
        }
        return cursor;
    }
}
