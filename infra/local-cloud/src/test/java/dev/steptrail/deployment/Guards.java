package dev.steptrail.deployment;

import java.util.ArrayList;
import java.util.List;

/** What a template of the cloud must have for what is kept there to be safe, and tells where it has not. */
final class Guards {
    private Guards() {}

    /** What is missing, a line each. */
    static List<String> missing(TemplateTree template) {
        List<String> missing = new ArrayList<>();
        List.of(
                        new KeptGuards(template, missing),
                        new RunningGuards(template, missing),
                        new EdgeGuards(template, missing))
                .forEach(GuardSet::look);
        return missing;
    }
}
