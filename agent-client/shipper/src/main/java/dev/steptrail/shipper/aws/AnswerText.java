package dev.steptrail.shipper.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What is in the answers of AWS: S3 and STS tell errors as XML with {@code Code} and {@code Message}, SQS as JSON with {@code
 * __type} and {@code message}. What a proxy on the way says is neither, and gives nothing.
 */
final class AnswerText {
    private static final JsonFactory JSON = new JsonFactory();

    private AnswerText() {}

    /**
     * The refusal that an answer is.
     *
     * @param queryError SQS's header {@code x-amzn-query-error}, the code by which its errors have been known for longest
     *     and a {@code ;} behind it; empty without one
     */
    static AwsRefusal refusal(int status, String queryError, byte[] body) {
        boolean json = body.length > 0 && body[0] == '{';
        String type = json ? ofJson(body, "__type") : "";
        String named = queryError.isEmpty() ? type : queryError.split(";", 2)[0];
        String code = named.substring(named.indexOf('#') + 1);
        if (json) {
            String message = ofJson(body, "message");
            return new AwsRefusal(status, code, message.isEmpty() ? ofJson(body, "Message") : message);
        }
        return new AwsRefusal(
                status,
                code.isEmpty() ? ofXml(body, "Code").orElse("") : code,
                ofXml(body, "Message").orElse(""));
    }

    /** The text of the first field of this name in an object; empty if it has none. */
    private static String ofJson(byte[] body, String name) {
        try (JsonParser json = JSON.createParser(body)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = json.currentName().equals(name);
                if (json.nextToken() == JsonToken.VALUE_STRING && found) {
                    return json.getText();
                }
                json.skipChildren();
            }
        } catch (IOException notJson) {
            return "";
        }
        return "";
    }

    /** The text of the first element of this name; empty if there is none, or this is no XML. */
    static Optional<String> ofXml(byte[] body, String name) {
        // Bytes that are no UTF-8, and faults in a document type, the JDK's parser tells on standard error too. AWS
        // sends neither.
        String text = new String(body, UTF_8);
        if (text.contains("<!DOCTYPE")) {
            return Optional.empty();
        }
        XMLInputFactory xml = XMLInputFactory.newDefaultFactory();
        xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try {
            XMLStreamReader reader = xml.createXMLStreamReader(new StringReader(text));
            try {
                while (reader.hasNext()) {
                    if (reader.next() == XMLStreamReader.START_ELEMENT
                            && reader.getLocalName().equals(name)) {
                        return Optional.of(reader.getElementText());
                    }
                }
            } finally {
                reader.close();
            }
        } catch (XMLStreamException
                | RuntimeException notXml) { // the latter where the JDK lacks the words for an error
            return Optional.empty();
        }
        return Optional.empty();
    }
}
