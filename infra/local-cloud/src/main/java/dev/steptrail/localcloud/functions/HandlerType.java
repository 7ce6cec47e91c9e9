package dev.steptrail.localcloud.functions;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.steptrail.localcloud.template.Template.Function;
import dev.steptrail.localcloud.template.TemplateException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;

/**
 * A handler class. It implements {@code RequestHandler<I, O>} and has a public constructor that takes the settings.
 *
 * @param input deserializes an event as the managed runtime does
 * @param output serializes a response as the managed runtime does
 */
record HandlerType(Constructor<?> constructor, PojoSerializer<Object> input, PojoSerializer<Object> output) {

    static HandlerType of(Function function) {
        try {
            Class<?> type = Class.forName(function.handler());
            Type[] types = Arrays.stream(type.getGenericInterfaces())
                    .filter(ParameterizedType.class::isInstance)
                    .map(ParameterizedType.class::cast)
                    .filter(candidate -> candidate.getRawType() == RequestHandler.class)
                    .findFirst()
                    .orElseThrow(() -> new TemplateException(
                            function.id() + ": " + type.getName() + " does not implement RequestHandler<I, O>"))
                    .getActualTypeArguments();
            return new HandlerType(type.getConstructor(Map.class), serializer(types[0]), serializer(types[1]));
        } catch (ClassNotFoundException e) {
            throw new TemplateException(
                    function.id() + ": the handler " + function.handler() + " is not on the class path");
        } catch (NoSuchMethodException e) {
            throw new TemplateException(function.id() + ": " + function.handler()
                    + " has no public constructor that takes the settings (Map<String, String>)");
        }
    }

    @SuppressWarnings("unchecked") // a serializer of I is only given instances of I
    private static PojoSerializer<Object> serializer(Type type) {
        if (type instanceof Class<?> event && LambdaEventSerializers.isLambdaSupportedEvent(event.getName())) {
            return (PojoSerializer<Object>) LambdaEventSerializers.serializerFor(event, event.getClassLoader());
        }
        return JacksonFactory.getInstance().getSerializer(type);
    }

    @SuppressWarnings("unchecked") // the serializers are those of I and O
    RequestHandler<Object, Object> create(Map<String, String> settings) throws Throwable {
        try {
            return (RequestHandler<Object, Object>) constructor.newInstance(settings);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
