package dev.steptrail.localcloud.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Resolves intrinsic functions to plain values.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html">
 *     IntrinsicCall function reference</a>
 */
final class IntrinsicResolver {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(!?)([^}]*)}");
    private static final Object NO_VALUE = new Object();

    private final Map<String, String> references;
    private final Map<String, Object> conditions;

    /**
     * @param references what {@code Ref} gives by name, and {@code Fn::GetAtt} by {@code Name.Attribute}
     * @param conditions the template's conditions, not yet resolved
     */
    IntrinsicResolver(Map<String, String> references, Map<String, Object> conditions) {
        this.references = references;
        this.conditions = conditions;
    }

    /** The value with nothing left to resolve; null where it is {@code AWS::NoValue}. */
    @Nullable
    Object resolve(@Nullable Object node, String where) {
        Object value = resolved(node, where);
        return value == NO_VALUE ? null : value;
    }

    private @Nullable Object resolved(@Nullable Object node, String where) {
        if (node instanceof IntrinsicCall intrinsic) {
            return call(intrinsic, where);
        }
        if (node instanceof List<?> list) {
            return list.stream()
                    .map(item -> resolved(item, where))
                    .filter(item -> item != NO_VALUE)
                    .toList();
        }
        if (node instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            YamlMapping.cast(map).forEach((key, value) -> {
                Object item = resolved(value, where + "." + key);
                if (item != NO_VALUE) {
                    copy.put(key, item);
                }
            });
            return copy;
        }
        return node;
    }

    private @Nullable Object call(IntrinsicCall call, String where) {
        return switch (call.function()) {
            case "Ref" -> "AWS::NoValue".equals(call.argument()) ? NO_VALUE : reference(text(call, where), where);
            case "Fn::GetAtt" -> reference(attribute(call, where), where);
            case "Fn::Sub" -> substitute(call, where);
            case "Fn::Join" -> join(arguments(call, 2, where), where);
            case "Fn::If" -> {
                List<?> arguments = arguments(call, 3, where);
                yield resolved(arguments.get(condition(String.valueOf(arguments.get(0)), where) ? 1 : 2), where);
            }
            case "Fn::Equals" -> {
                List<?> arguments = arguments(call, 2, where);
                yield Objects.equals(
                        String.valueOf(resolve(arguments.get(0), where)),
                        String.valueOf(resolve(arguments.get(1), where)));
            }
            case "Fn::Not" -> !truth(arguments(call, 1, where).get(0), where);
            case "Fn::And" -> arguments(call, -1, where).stream().allMatch(item -> truth(item, where));
            case "Fn::Or" -> arguments(call, -1, where).stream().anyMatch(item -> truth(item, where));
            case "Condition" -> condition(text(call, where), where);
            default ->
                throw new TemplateException(where + ": the local cloud does not know the function " + call.function());
        };
    }

    boolean condition(String name, String where) {
        if (!conditions.containsKey(name)) {
            throw new TemplateException(where + ": there is no condition " + name);
        }
        return truth(conditions.get(name), "Conditions." + name);
    }

    private boolean truth(@Nullable Object node, String where) {
        Object condition = node instanceof Map<?, ?> map && map.size() == 1 && map.containsKey("Condition")
                ? new IntrinsicCall("Condition", map.get("Condition"))
                : node;
        if (resolve(condition, where) instanceof Boolean truth) {
            return truth;
        }
        throw new TemplateException(where + ": not a condition");
    }

    private String reference(String name, String where) {
        String value = references.get(name);
        if (value == null) {
            throw new CloudOnlyException(where + ": the local cloud has no value for " + name);
        }
        return value;
    }

    private static String attribute(IntrinsicCall call, String where) {
        return call.argument() instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining("."))
                : text(call, where);
    }

    private String substitute(IntrinsicCall call, String where) {
        List<?> arguments = call.argument() instanceof List<?> ? arguments(call, 2, where) : List.of(text(call, where));
        Map<?, ?> local = arguments.size() == 2 && arguments.get(1) instanceof Map<?, ?> map ? map : Map.of();
        return VARIABLE.matcher(String.valueOf(arguments.get(0)))
                .replaceAll(match -> Matcher.quoteReplacement(variable(match, local, where)));
    }

    private String variable(MatchResult match, Map<?, ?> local, String where) {
        if (!match.group(1).isEmpty()) {
            return "${" + match.group(2) + "}";
        }
        String name = match.group(2).strip();
        return local.containsKey(name) ? String.valueOf(resolve(local.get(name), where)) : reference(name, where);
    }

    private String join(List<?> arguments, String where) {
        if (!(resolve(arguments.get(1), where) instanceof List<?> items)) {
            throw new TemplateException(where + ": Fn::Join wants a list");
        }
        return items.stream().map(String::valueOf).collect(Collectors.joining(String.valueOf(arguments.get(0))));
    }

    private static List<?> arguments(IntrinsicCall call, int count, String where) {
        if (!(call.argument() instanceof List<?> list) || (count >= 0 && list.size() != count)) {
            throw new TemplateException(
                    where + ": " + call.function() + " wants a list" + (count < 0 ? "" : " of " + count));
        }
        return list;
    }

    private static String text(IntrinsicCall call, String where) {
        if (call.argument() instanceof String text) {
            return text;
        }
        throw new TemplateException(where + ": " + call.function() + " wants a text");
    }
}
