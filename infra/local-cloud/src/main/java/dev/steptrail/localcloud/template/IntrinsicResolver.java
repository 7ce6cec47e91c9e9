package dev.steptrail.localcloud.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves intrinsic functions in their full form to plain values. Knows those that the template uses for what runs
 * locally.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html">
 *     Intrinsic function reference</a>
 */
final class IntrinsicResolver {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

    private final Map<String, String> references;
    private final Map<String, Object> conditions;

    /**
     * @param references values of {@code Ref} by name, and of {@code Fn::GetAtt} by {@code Name.Attribute}
     * @param conditions the template's conditions, not yet resolved
     */
    IntrinsicResolver(Map<String, String> references, Map<String, Object> conditions) {
        this.references = references;
        this.conditions = conditions;
    }

    /** Returns a value without intrinsic functions; null if it is {@code AWS::NoValue}. */
    @Nullable
    Object resolve(@Nullable Object node, String where) {
        if (node instanceof List<?> list) {
            return list.stream()
                    .map(item -> resolve(item, where))
                    .filter(Objects::nonNull)
                    .toList();
        }
        if (!(node instanceof Map<?, ?> map)) {
            return node;
        }
        if (isCall(map)) {
            Map.Entry<?, ?> entry = map.entrySet().iterator().next();
            return call((String) entry.getKey(), entry.getValue(), where);
        }
        Map<String, Object> resolved = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            Object item = resolve(value, where + "." + key);
            if (item != null) {
                resolved.put((String) key, item);
            }
        });
        return resolved;
    }

    /** Returns whether a value is an intrinsic function or a condition. */
    static boolean isCall(Object node) {
        if (!(node instanceof Map<?, ?> map) || map.size() != 1) {
            return false;
        }
        Map.Entry<?, ?> entry = map.entrySet().iterator().next();
        String name = (String) entry.getKey();
        boolean isCondition = name.equals("Condition") && entry.getValue() instanceof String;
        return isCondition || name.equals("Ref") || name.startsWith("Fn::");
    }

    private @Nullable Object call(String function, Object argument, String where) {
        List<?> arguments = argument instanceof List<?> list ? list : List.of(argument);
        return switch (function) {
            case "Ref" -> argument.equals("AWS::NoValue") ? null : reference(argument.toString(), where);
            case "Fn::GetAtt" -> reference(argument.toString(), where);
            case "Fn::Sub" -> substitute(arguments, where);
            case "Fn::If" -> resolve(arguments.get(isMet(arguments.get(0).toString(), where) ? 1 : 2), where);
            case "Fn::Equals" -> Objects.equals(resolve(arguments.get(0), where), resolve(arguments.get(1), where));
            case "Fn::Not" -> !isTrue(arguments.get(0), where);
            case "Fn::And" -> arguments.stream().allMatch(item -> isTrue(item, where));
            case "Fn::Or" -> arguments.stream().anyMatch(item -> isTrue(item, where));
            case "Condition" -> isMet(argument.toString(), where);
            default ->
                throw new TemplateException(where + ": the local cloud does not support the function " + function);
        };
    }

    boolean isMet(String name, String where) {
        if (!conditions.containsKey(name)) {
            throw new TemplateException(where + ": undefined condition " + name);
        }
        return isTrue(conditions.get(name), "Conditions." + name);
    }

    private boolean isTrue(@Nullable Object node, String where) {
        if (resolve(node, where) instanceof Boolean truth) {
            return truth;
        }
        throw new TemplateException(
                where + ": must be a condition function (Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition)");
    }

    String reference(String name, String where) {
        String value = references.get(name);
        if (value == null) {
            throw new TemplateException(where + ": the local cloud has no value for " + name);
        }
        return value;
    }

    private String substitute(List<?> arguments, String where) {
        Map<?, ?> variables = arguments.size() == 2 && arguments.get(1) instanceof Map<?, ?> map ? map : Map.of();
        return VARIABLE.matcher(arguments.get(0).toString())
                .replaceAll(match -> Matcher.quoteReplacement(variable(match, variables, where)));
    }

    private String variable(MatchResult match, Map<?, ?> variables, String where) {
        String name = match.group(1);
        return variables.containsKey(name)
                ? String.valueOf(resolve(variables.get(name), where))
                : reference(name, where);
    }
}
