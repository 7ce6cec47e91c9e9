package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.InvalidRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps of an object the fields that a record can hold, found by trying: the step format alone knows the rules. */
final class FieldFilter {
    /** Says whether a record can hold an object as it is. */
    interface Trial {
        void of(ObjectNode json) throws InvalidRecordException;
    }

    private final Trial trial;
    private final Consumer<String> told;

    /**
     * @param told told of each field that is left out, in one line
     */
    FieldFilter(Trial trial, Consumer<String> told) {
        this.trial = trial;
        this.told = told;
    }

    /**
     * Adds to {@code base}, which is good, what is good of {@code given}, in the place of what was there.
     *
     * @return the names of the fields that were left out
     * @throws InvalidRecordException if {@code base} is not good
     */
    List<String> add(ObjectNode given, ObjectNode base) throws InvalidRecordException {
        ObjectNode whole = base.deepCopy();
        for (Map.Entry<String, JsonNode> field : given.properties()) {
            if (!(field.getValue().isNull() && base.has(field.getKey()))) {
                whole.set(field.getKey(), field.getValue());
            }
        }
        List<String> bad = isGood(whole) ? List.of() : badOf(whole, base);
        whole.remove(bad);
        base.setAll(whole);
        return bad;
    }

    private boolean isGood(ObjectNode json) {
        try {
            trial.of(json);
            return true;
        } catch (InvalidRecordException e) {
            return false;
        }
    }

    private List<String> badOf(ObjectNode whole, ObjectNode base) throws InvalidRecordException {
        trial.of(base);
        List<String> bad = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : whole.properties()) {
            ObjectNode tried = base.deepCopy();
            tried.set(field.getKey(), field.getValue());
            try {
                trial.of(tried);
            } catch (InvalidRecordException e) {
                bad.add(field.getKey());
                told.accept("the field " + field.getKey() + " is left out: " + e.getMessage());
            }
        }
        return bad;
    }
}
