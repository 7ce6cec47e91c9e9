package dev.steptrail.localcloud.template;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Binds parts of a template to records whose components have the names of the properties. Properties that matter only
 * in AWS are listed in the record's {@link JsonIgnoreProperties} and are not resolved. Other unknown properties are
 * errors.
 */
final class PropertyBinder {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
            .withConfigOverride(
                    List.class, config -> config.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .withConfigOverride(
                    Map.class, config -> config.setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY)))
            .addModule(new SimpleModule().addDeserializer(Duration.class, new SecondsDeserializer()))
            .build();

    private final IntrinsicResolver resolver;

    PropertyBinder(IntrinsicResolver resolver) {
        this.resolver = resolver;
    }

    /** Resolves the properties and binds them. */
    <T> T bind(String where, Map<String, Object> properties, Class<T> type) {
        Map<String, Object> localProperties = new LinkedHashMap<>(properties);
        JsonIgnoreProperties cloudOnly = type.getAnnotation(JsonIgnoreProperties.class);
        if (cloudOnly != null) {
            localProperties.keySet().removeAll(Set.of(cloudOnly.value()));
        }
        return bindAsIs(where, resolver.resolve(localProperties, where), type);
    }

    /** Binds values as they are, without resolving intrinsic functions. */
    static <T> T bindAsIs(String where, @Nullable Object values, Class<T> type) {
        Set<String> unknown = new TreeSet<>();
        DeserializationProblemHandler collector = new DeserializationProblemHandler() {
            @Override
            public boolean handleUnknownProperty(
                    DeserializationContext context,
                    JsonParser json,
                    JsonDeserializer<?> reader,
                    Object bean,
                    String name)
                    throws IOException {
                unknown.add(name);
                json.skipChildren();
                return true;
            }
        };
        T bound;
        try {
            bound = JSON.readerFor(type).withHandler(collector).readValue(JSON.<JsonNode>valueToTree(values));
        } catch (JsonProcessingException e) {
            throw new TemplateException(where + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!unknown.isEmpty()) {
            throw new TemplateException(where + ": the local cloud does not support " + String.join(", ", unknown));
        }
        return bound;
    }

    private static final class SecondsDeserializer extends FromStringDeserializer<Duration> {
        SecondsDeserializer() {
            super(Duration.class);
        }

        @Override
        protected Duration _deserialize(String text, DeserializationContext context) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
    }
}
