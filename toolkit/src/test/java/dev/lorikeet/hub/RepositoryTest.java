package dev.lorikeet.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lorikeet.base.BadArgumentException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepositoryTest {

    @Test
    void aReferenceHasAnOwnerANameAndMaybeARevision() {
        assertEquals(
                new Repository(Repository.RepoType.MODEL, "openai-community/gpt2", "main"),
                Repository.model("openai-community/gpt2"));
        assertEquals("gpt2@v1.0", Repository.model("gpt2@v1.0").toString());
        assertEquals(
                "datasets/owner/set@refs/convert/parquet",
                Repository.dataset("owner/set").at("refs/convert/parquet").toString());
    }

    @Test
    void whatIsNoReferenceIsRefusedByName() {
        for (String wrong : List.of("", "/a", "a/", "a/b/c", "a/../b", "a--b/c", "-a/b", "a b/c", "a/b@", "@main")) {
            assertThrows(BadArgumentException.class, () -> Repository.model(wrong), wrong);
        }
        for (String wrong : List.of("..", "a/../../b", "/a", "a//b", "a\\b", "a b", "a:b")) {
            assertThrows(BadArgumentException.class, () -> Repository.model("a/b@" + wrong), wrong);
        }
        String message = assertThrows(BadArgumentException.class, () -> Repository.dataset("squad"))
                .getMessage();
        assertTrue(message.startsWith("repository is \"squad\"; expected owner/name"), message);
    }
}
