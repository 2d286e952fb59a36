package dev.lorikeet.data;

import blue.strategic.parquet.ParquetWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Parquet files as the hub makes them of its data sets. */
public final class ParquetFiles {

    private ParquetFiles() {}

    /** Reddit TIFU's short configuration; each post is a document and a title. */
    public static Path redditTifu(Path file, List<String[]> posts) throws IOException {
        MessageType schema = new MessageType(
                "schema",
                Types.optional(PrimitiveTypeName.FLOAT).named("ups"),
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named("documents"),
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named("tldr"),
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named("title"));
        try (ParquetWriter<String[]> writer = ParquetWriter.writeFile(schema, file.toFile(), (post, row) -> {
            row.write("ups", 1f);
            if (post[0] != null) {
                row.write("documents", post[0]);
            }
            row.write("tldr", "");
            row.write("title", post[1]);
        })) {
            for (String[] post : posts) {
                writer.write(post);
            }
        }
        return file;
    }
}
