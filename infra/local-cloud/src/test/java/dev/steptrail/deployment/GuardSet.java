package dev.steptrail.deployment;

import static dev.steptrail.deployment.TemplateTree.at;

import java.util.List;
import java.util.Map;

/** A set of required properties of a template. Collects one line for each missing one. */
abstract class GuardSet {
    /** The key of profile standard, or the adopted one; otherwise the service's own key. */
    static final Object KEY = choice("HasKey", "!GetAtt KeyArn.Value", "!Ref AWS::NoValue");

    final TemplateTree template;
    private final List<String> missing;

    GuardSet(TemplateTree template, List<String> missing) {
        this.template = template;
        this.missing = missing;
    }

    abstract void check();

    final void require(boolean satisfied, String resource, String what) {
        if (!satisfied) {
            missing.add(resource + ": " + what);
        }
    }

    final void expect(String name, Object resource, Object value, String... keys) {
        require(value.equals(at(resource, keys)), name, String.join(".", keys) + " is not " + value);
    }

    /** Returns the tree of an {@code !If}. */
    static Object choice(String condition, Object ifTrue, Object ifFalse) {
        return Map.of("!If", List.of(condition, ifTrue, ifFalse));
    }

    static int number(Object text) {
        return text instanceof String digits && digits.matches("[0-9]+") ? Integer.parseInt(digits) : 0;
    }
}
