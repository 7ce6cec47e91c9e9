package dev.steptrail.localcloud.functions;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.steptrail.localcloud.template.Function;
import dev.steptrail.localcloud.template.TemplateException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;

/**
 * A handler's class, found by its name: {@code RequestHandler<I, O>} or {@code RequestStreamHandler}, with a public constructor that
 * takes the settings.
 */
final class HandlerType {
    private final Constructor<?> constructor;

    private final Streaming streaming;

    /** Makes an instance one that reads and writes JSON itself. */
    private interface Streaming {
        RequestStreamHandler of(Object handler);
    }

    private HandlerType(Constructor<?> constructor, Streaming streaming) {
        this.constructor = constructor;
        this.streaming = streaming;
    }

    static HandlerType of(Function function) {
        Class<?> type;
        try {
            type = Class.forName(function.handler());
        } catch (ClassNotFoundException e) {
            throw new TemplateException(
                    function.id() + ": the handler " + function.handler() + " is not on the class path");
        }
        try {
            return new HandlerType(type.getConstructor(Map.class), streaming(function, type));
        } catch (NoSuchMethodException e) {
            throw new TemplateException(function.id() + ": " + type.getName()
                    + " has no public constructor that takes the settings (Map<String, String>)");
        }
    }

    private static Streaming streaming(Function function, Class<?> type) {
        if (RequestStreamHandler.class.isAssignableFrom(type)) {
            return RequestStreamHandler.class::cast;
        }
        Type[] types = Arrays.stream(type.getGenericInterfaces())
                .filter(ParameterizedType.class::isInstance)
                .map(ParameterizedType.class::cast)
                .filter(candidate -> candidate.getRawType() == RequestHandler.class)
                .findFirst()
                .orElseThrow(() -> new TemplateException(function.id() + ": " + type.getName()
                        + " implements neither RequestHandler<I, O> nor RequestStreamHandler"))
                .getActualTypeArguments();
        PojoSerializer<Object> input = serializer(types[0]);
        PojoSerializer<Object> output = serializer(types[1]);
        return handler -> new PojoHandler(ofObjects(handler), input, output);
    }

    @SuppressWarnings("unchecked") // its serializers are those of I and O
    private static RequestHandler<Object, Object> ofObjects(Object handler) {
        return (RequestHandler<Object, Object>) handler;
    }

    @SuppressWarnings("unchecked") // a serializer of I is only given instances of I
    private static PojoSerializer<Object> serializer(Type type) {
        if (type instanceof Class<?> event && LambdaEventSerializers.isLambdaSupportedEvent(event.getName())) {
            return (PojoSerializer<Object>) LambdaEventSerializers.serializerFor(event, event.getClassLoader());
        }
        return JacksonFactory.getInstance().getSerializer(type);
    }

    RequestStreamHandler create(Map<String, String> settings) throws Throwable {
        try {
            return streaming.of(constructor.newInstance(settings));
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
