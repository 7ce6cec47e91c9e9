package dev.steptrail.archive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.UUID;

/**
 * The first line of an archive: what the lines that follow are.
 *
 * @param version of this format, 1
 * @param part of the task, from 1
 * @param steps how many of the lines are steps
 * @param screenshots how many are screenshots
 * @param sha256 of the lines that follow, each with its line feed, before they were packed; hex
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"archive", "task_id", "part", "steps", "screenshots", "sha256"})
record ArchiveHeader(
        @JsonProperty("archive") int version,
        @JsonProperty("task_id") UUID taskId,
        @JsonProperty("part") int part,
        @JsonProperty("steps") int steps,
        @JsonProperty("screenshots") int screenshots,
        @JsonProperty("sha256") String sha256) {
    static final int VERSION = 1;
}
