package dev.steptrail.cli.junit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes JUnit XML in the format of <a
 * href="https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd">Surefire</a>.
 */
public final class JunitReport {
    /** Characters that XML 1.0 cannot contain. */
    private static final Pattern INVALID =
            Pattern.compile("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    /**
     * A test of the report.
     *
     * @param element {@code failure}, {@code error} or {@code skipped}; null if the test passed
     * @param type the type of the failure or error
     * @param message describes the outcome
     */
    public record TestCase(
            String className,
            String name,
            double seconds,
            @Nullable String element,
            String type,
            String message) {}

    private JunitReport() {}

    /**
     * Returns the file in UTF-8.
     *
     * @param suite the name of the test suite
     */
    public static byte[] of(String suite, List<TestCase> tests) {
        ByteArrayOutputStream xml = new ByteArrayOutputStream();
        try {
            write(suite, tests, xml);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("failed to write XML to memory", e);
        }
        return xml.toByteArray();
    }

    private static void write(String suite, List<TestCase> tests, ByteArrayOutputStream out) throws XMLStreamException {
        XMLStreamWriter xml =
                XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        xml.writeStartElement("testsuite");
        attribute(xml, "name", suite);
        attribute(
                xml,
                "time",
                seconds(tests.stream().mapToDouble(TestCase::seconds).sum()));
        attribute(xml, "tests", String.valueOf(tests.size()));
        attribute(xml, "errors", count(tests, "error"));
        attribute(xml, "skipped", count(tests, "skipped"));
        attribute(xml, "failures", count(tests, "failure"));
        for (TestCase test : tests) {
            xml.writeStartElement("testcase");
            attribute(xml, "classname", test.className());
            attribute(xml, "name", test.name());
            attribute(xml, "time", seconds(test.seconds()));
            if (test.element() == null) {
                xml.writeStartElement("system-out");
                xml.writeCharacters(printable(test.message()));
            } else {
                xml.writeStartElement(test.element());
                attribute(xml, "message", test.message());
                if (!test.element().equals("skipped")) {
                    attribute(xml, "type", test.type());
                }
            }
            xml.writeEndElement();
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndDocument();
        xml.flush();
    }

    private static String count(List<TestCase> tests, String element) {
        return String.valueOf(
                tests.stream().filter(test -> element.equals(test.element())).count());
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, printable(value));
    }

    private static String printable(String text) {
        return INVALID.matcher(text).replaceAll("?");
    }
}
