package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ParameterStoreTest extends ParameterStoreContract {
    private static final TestParameters PARAMETERS = TestParameters.start();

    @AfterAll
    static void stopServer() {
        PARAMETERS.close();
    }

    @Override
    protected Settings settings() {
        return new Settings(PARAMETERS.settings());
    }

    @Test
    void get_whenTheServerCannotBeReached_namesTheParameter() {
        Map<String, String> settings = new HashMap<>(PARAMETERS.settings());
        settings.put("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:1");

        assertThatThrownBy(() -> new ParameterStore(new Settings(settings)).get("/steptrail/dev/cdn"))
                .isInstanceOf(ParameterException.class)
                .hasMessageStartingWith("the parameter '/steptrail/dev/cdn' cannot be read (");
    }
}
