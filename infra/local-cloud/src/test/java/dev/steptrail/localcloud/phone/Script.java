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
 * What an agent thinks and does in a run, written down beforehand, to be played on a {@link SimulatedPhone}.
 *
 * @param task what the user asked for
 * @param steps in order; the last may finish the task, or the script ends without that
 */
public record Script(String task, List<Step> steps) {

    /**
     * A step of the run.
     *
     * @param thinking what the agent says to itself before it acts
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

    /** Reads the script {@code name}.json in the folder {@code scripts} beside this class. */
    static Script read(String name) {
        String resource = "scripts/" + name + ".json";
        try (InputStream file = Script.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalArgumentException("there is no script " + resource + " on the class path");
            }
            return new ObjectMapper().readValue(file, Script.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the script " + resource, e);
        }
    }
}
