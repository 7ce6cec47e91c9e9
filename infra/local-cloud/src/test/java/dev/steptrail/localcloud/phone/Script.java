package dev.steptrail.localcloud.phone;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The prepared thinking and actions of an agent's run, for playback on a {@link dev.steptrail.demophone.SimulatedPhone}.
 *
 * @param task the instruction
 * @param steps in order; the last one may finish the task
 */
public record Script(String task, List<Step> steps) {

    /**
     * A step of the run.
     *
     * @param thinking the agent's thinking before the action
     * @param action in the form that {@link PhoneActions} executes
     */
    public record Step(String thinking, Map<String, Object> action) {
        public Step {
            action = Collections.unmodifiableMap(new LinkedHashMap<>(action));
        }
    }

    public Script {
        steps = List.copyOf(steps);
    }

    /** Reads the script {@code name}.json in the folder {@code scripts} of this class's package. */
    static Script read(String name) {
        String resource = "scripts/" + name + ".json";
        try (InputStream file = Script.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalArgumentException("script " + resource + " is not on the class path");
            }
            return new ObjectMapper().readValue(file, Script.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the script " + resource, e);
        }
    }
}
