package dev.steptrail.shipper.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void columnsAreAsWideAsTheyMustBe_andWhatIsUnknownIsADash() throws Exception {
        List<JsonNode> agents = List.of(
                JSON.readTree("{\"owner\":\"ann\",\"on_behalf_of\":[],\"sender_id\":\"AIDA\"}"),
                JSON.readTree("{\"owner\":\"christopher\",\"on_behalf_of\":[\"bob\",\"*\"],\"sender_id\":null}"));

        assertThat(Table.lines(agents, "owner", "on_behalf_of", "sender_id"))
                .containsExactly(
                        "OWNER        ON BEHALF OF  SENDER ID", //
                        "ann          -             AIDA",
                        "christopher  bob,*         -");
    }

    @Test
    void anEmptyList_isItsHead() {
        assertThat(Table.lines(List.of(), "id", "reason")).containsExactly("ID  REASON");
    }
}
