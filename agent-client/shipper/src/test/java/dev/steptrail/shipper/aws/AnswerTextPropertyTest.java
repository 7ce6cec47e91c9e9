package dev.steptrail.shipper.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whoever answers in the name of AWS may say anything; it is the agent's standard error that a parser would tell it on. */
class AnswerTextPropertyTest {
    private static final byte[] NO_UTF_8 = {'<', 'x', '>', (byte) 0xff, (byte) 0xfe, '<', '/', 'x', '>'};

    @Property(tries = 1000)
    void anyAnswer_isARefusal_withoutAWordOnStandardError(@ForAll("answers") byte[] body) {
        assertThat(saidOnStandardErrorOf(body)).isEmpty();
    }

    @Example
    void whatIsNoUtf8_isReadAsFarAsItCanBe() {
        assertThat(saidOnStandardErrorOf(NO_UTF_8)).isEmpty();
        byte[] refusal = "<Error><Code>SlowDown</Code><Message>_</Message></Error>".getBytes(UTF_8);
        refusal[new String(refusal, UTF_8).indexOf('_')] = (byte) 0xff;
        assertThat(AnswerText.refusal(503, "", refusal).code()).isEqualTo("SlowDown");
    }

    @Example
    void aCharacterThatXmlForbids_inADocumentType_isNoXml() {
        assertThat(saidOnStandardErrorOf("<!DOCTYPE x [\u0001]><x/>".getBytes(UTF_8)))
                .isEmpty();
    }

    @Provide
    Arbitrary<byte[]> answers() {
        Arbitrary<byte[]> pieces = Arbitraries.of(
                        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
                        "<!DOCTYPE x [",
                        "<!ENTITY a \"b\">",
                        "<!ENTITY % p SYSTEM \"file:///dev/null\">%p;",
                        "]>",
                        "<Error xmlns=\"y\">",
                        "<Code>",
                        "&a;",
                        "&#0;",
                        "<![CDATA[",
                        "<!--",
                        "</Code>",
                        "{\"__type\":",
                        "\"message\":",
                        "{",
                        "\"",
                        "\u0001",
                        "\uFFFF")
                .map(piece -> piece.getBytes(UTF_8));
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
        return Arbitraries.oneOf(pieces, pieces, noise).list().ofMaxSize(12).map(AnswerTextPropertyTest::joined);
    }

    private static byte[] joined(Iterable<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static String saidOnStandardErrorOf(byte[] body) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, UTF_8));
        try {
            AnswerText.refusal(400, "", body);
        } finally {
            System.setErr(before);
        }
        return said.toString(UTF_8);
    }
}
