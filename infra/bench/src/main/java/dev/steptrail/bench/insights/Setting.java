package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Behaviour.Change;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/** What a run is done with. Models come and go at random, versions follow each other, unless the group's change says otherwise. */
record Setting(String agent, String model, String version, String device) {
    static final String MODEL = "model";
    static final String VERSION = "app_version";
    static final List<String> MODELS = List.of("autoglm-phone-9b", "autoglm-phone-9b-1.5", "glm-4.6v");
    static final List<String> VERSIONS = List.of("3.1.0", "3.2.0", "3.3.0");

    private static final int PHONES = 24;

    /** Some phones get a version days before the others. */
    private static final double SPREAD_OF_VERSIONS = 0.25;

    /**
     * That of one run.
     *
     * @param progress how much of the history has passed, 0 to 1
     */
    static Setting drawn(Group group, Instant start, double progress, RandomGenerator random) {
        Change change = group.behaviour().change();
        String model = Chance.oneOf(MODELS, random);
        String version = version(progress, random);
        if (change != null) {
            boolean byModel = change.isOf(MODEL);
            model = byModel ? change.valueAt(start) : model;
            // Versions that follow each other would tell the same story as the models do.
            version = byModel ? Chance.oneOf(VERSIONS, random) : change.valueAt(start);
        }
        String agent = random.nextInt(5) == 0 ? "phone-lab" : "Open-AutoGLM";
        return new Setting(agent, model, version, "phone-" + (1 + random.nextInt(PHONES)));
    }

    private static String version(double progress, RandomGenerator random) {
        double drawn = progress * VERSIONS.size() + SPREAD_OF_VERSIONS * random.nextGaussian();
        return VERSIONS.get(Math.max(0, Math.min(VERSIONS.size() - 1, (int) drawn)));
    }
}
