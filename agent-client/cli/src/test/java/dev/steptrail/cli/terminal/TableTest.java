package dev.steptrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void columns_fitTheirContent_andMissingValueIsDash() throws Exception {
        List<JsonNode> agents = List.of(
                JSON.readTree("{\"owner\":\"ann\",\"on_behalf_of\":[],\"sender_id\":\"AIDA\"}"),
                JSON.readTree("{\"owner\":\"christopher\",\"on_behalf_of\":[\"bob\",\"*\"],\"sender_id\":null}"));

        assertThat(new Table(ZoneOffset.UTC)
                        .fields("owner", "on_behalf_of", "sender_id")
                        .lines(agents))
                .containsExactly(
                        "OWNER        ON BEHALF OF  SENDER ID", //
                        "ann          -             AIDA",
                        "christopher  bob,*         -");
    }

    @Test
    void emptyList_printsHeading() {
        assertThat(new Table(ZoneOffset.UTC).fields("id", "reason").lines(List.of()))
                .containsExactly("ID  REASON");
    }

    @Test
    void lastColumn_isTruncatedAtTerminalWidth_withMinimum() throws Exception {
        List<JsonNode> tasks = List.of(JSON.readTree("{\"id\":\"音\",\"name\":\"把媒体音量调到最大，然后在备忘录里记一笔\"}"));

        assertThat(new Table(ZoneOffset.UTC, 34).fields("id", "name").lines(tasks))
                .containsExactly(
                        "ID  NAME", //
                        "音  把媒体音量调到最大，然后在备…");
        assertThat(new Table(ZoneOffset.UTC, 5).fields("id", "name").lines(tasks))
                .last()
                .isEqualTo("音  把媒体音量调到最大…");
    }

    @Test
    void laterPage_hasNoHeading_andWidensColumns() throws Exception {
        Table table = new Table(ZoneOffset.UTC).fields("id", "name");

        assertThat(table.lines(List.of(JSON.readTree("{\"id\":1,\"name\":\"a\"}"))))
                .containsExactly("ID  NAME", "1   a");
        assertThat(table.lines(List.of(JSON.readTree("{\"id\":1000,\"name\":\"b\"}"))))
                .containsExactly("1000  b");
        assertThat(table.lines(List.of(JSON.readTree("{\"id\":2,\"name\":\"c\"}"))))
                .containsExactly("2     c");
    }
}
