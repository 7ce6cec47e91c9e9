package dev.steptrail.archive;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.UUID;

/**
 * The first line of an archive, which describes the lines that follow.
 *
 * @param version the version of this format, 1
 * @param part the number of this part of the task, from 1
 * @param steps the number of steps
 * @param screenshots the number of screenshots
 * @param sha256 the hash of the uncompressed lines that follow, including line feeds, in hexadecimal
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
