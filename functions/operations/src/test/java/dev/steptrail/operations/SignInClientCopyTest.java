package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.services.cognitoidentityprovider.model.UserPoolClientType;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Each setting of a Cognito client, as the AWS SDK knows them, survives an update of its URLs. */
class SignInClientCopyTest {
    /** Fields of a client that are not settings, or cannot be changed. */
    private static final Set<String> READ_ONLY = Set.of("ClientSecret", "CreationDate", "LastModifiedDate");

    @Test
    void copy_containsEachFieldOfTheClient_exceptReadOnlyOnes() {
        UserPoolClientType.Builder builder = UserPoolClientType.builder();
        fill(builder);
        UserPoolClientType client = builder.build();
        Map<String, Object> values = values(client);
        assertThat(values).doesNotContainValue(null);

        Map<String, Object> copied = values(SignInClientHandler.copy(client).build());

        Set<String> settings = new TreeSet<>(values.keySet());
        settings.removeAll(READ_ONLY);
        assertThat(settings).hasSizeGreaterThan(15);
        assertThat(copied.keySet()).containsAll(settings);
        for (String setting : settings) {
            assertThat(copied.get(setting)).as(setting).isEqualTo(values.get(setting));
        }
        assertThat(values.keySet())
                .as("settings that only the request has would be reset")
                .containsAll(copied.keySet());
    }

    private static Map<String, Object> values(SdkPojo pojo) {
        return pojo.sdkFields().stream()
                .filter(field -> field.getValueOrDefault(pojo) != null)
                .collect(Collectors.toMap(SdkField::memberName, field -> field.getValueOrDefault(pojo)));
    }

    /** Sets each field to a value of its type. */
    private static void fill(SdkPojo builder) {
        builder.sdkFields().forEach(field -> field.set(builder, value(field, field.memberName())));
    }

    private static Object value(SdkField<?> field, String text) {
        MarshallingType<?> type = field.marshallingType();
        if (type == MarshallingType.STRING) {
            return text;
        } else if (type == MarshallingType.INTEGER) {
            return 7;
        } else if (type == MarshallingType.BOOLEAN) {
            return true;
        } else if (type == MarshallingType.INSTANT) {
            return Instant.EPOCH;
        } else if (type == MarshallingType.LIST) {
            return List.of(value(field.getTrait(ListTrait.class).memberFieldInfo(), text));
        } else if (type == MarshallingType.SDK_POJO) {
            SdkPojo nested = field.constructor().get();
            fill(nested);
            return ((SdkBuilder<?, ?>) nested).build();
        }
        throw new AssertionError(text + " has the type " + type.getTargetClass() + "; add a value for it here");
    }
}
