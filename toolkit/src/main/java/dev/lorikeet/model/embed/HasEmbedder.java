package dev.lorikeet.model.embed;

import java.util.List;
import tech.tablesaw.columns.Column;

/** What turns texts into vectors, which lie near each other where texts mean the same. */
public interface HasEmbedder {

    /** Makes vectors with settings of one's own. */
    Embedder embedder();

    /** Embeds texts as the model's files say; see {@link Embedder#embed(List)}. */
    default Embeddings embed(List<String> texts) {
        return embedder().embed(texts);
    }

    /** Embeds texts as {@link #embed(List)} does. */
    default Embeddings embed(String... texts) {
        return embedder().embed(texts);
    }

    /** Embeds the texts of a column as {@link #embed(List)} does. */
    default Embeddings embed(Column<?> texts) {
        return embedder().embed(texts);
    }
}
