package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LoggingTest {
    @ParameterizedTest
    @ValueSource(strings = {"org.apache.pdfbox.pdmodel.font.PDType1Font", "org.apache.fontbox.ttf.CmapSubtable"})
    void fontWarningsOfPdfs_areNotLogged(String logger) {
        assertThat(LoggerFactory.getLogger(logger).isWarnEnabled()).isFalse();
        assertThat(LoggerFactory.getLogger(logger).isErrorEnabled()).isTrue();
    }

    @Test
    void ownWarnings_areLogged() {
        assertThat(LoggerFactory.getLogger("dev.steptrail.localcloud.LocalCloud")
                        .isWarnEnabled())
                .isTrue();
    }
}
