package dev.steptrail.bench.insights;

import dev.steptrail.api.ApiHandler;
import dev.steptrail.aws.Settings;
import dev.steptrail.bench.reads.Call;
import dev.steptrail.store.jdbc.Database;
import java.util.Map;

/**
 * Maintenance, or a reader of what it has found, as a process of its own with a heap of its own. It prints the {@link LivePeak} of each thing that
 * it does, and how long that took, as lines of a name and a number.
 */
final class MeasuredProcess {
    static final String MAINTENANCE = "maintenance";
    static final String READER = "reader";

    static final String LOOK = "look";
    static final String LEARN = "learn";
    static final String READ = "read";

    static final String BYTES = "_bytes";
    static final String MILLIS = "_millis";

    private static final Call PAGE = new Call("GET /api/insights", Map.of(), Map.of("limit", "100"), true);
    private static final int PAGES = 200;

    private MeasuredProcess() {}

    /** Works with the database that the environment names; the argument says as what. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> settings = System.getenv();
        if (arguments[0].equals(READER)) {
            ApiHandler handler = new ApiHandler(settings);
            tell(READ, () -> read(handler));
        } else {
            try (Database database = Database.forMaintenance(new Settings(settings))) {
                Maintenance maintenance = new Maintenance(database);
                tell(LOOK, maintenance::look);
                tell(LEARN, maintenance::learn);
            }
        }
    }

    private static void read(ApiHandler handler) throws Exception {
        for (int i = 0; i < PAGES; i++) {
            PAGE.answer(handler);
        }
    }

    private static void tell(String name, LivePeak.Work work) throws Exception {
        long begun = System.nanoTime();
        long bytes = LivePeak.during(work);
        System.out.println(name + MILLIS + " " + (System.nanoTime() - begun) / 1_000_000);
        System.out.println(name + BYTES + " " + bytes);
    }
}
