package dev.lorikeet.data;

import blue.strategic.parquet.ParquetWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
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

    /** Labelled conversations: {@code messages}, a list of objects, and {@code label}, a class with a name. */
    public static Path chats(Path file, List<List<String[]>> chats, List<Integer> labels) throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType(
                """
                message schema {
                  optional group messages (LIST) {
                    repeated group list {
                      optional group element {
                        optional binary role (STRING);
                        optional binary content (STRING);
                      }
                    }
                  }
                  optional int64 label;
                  optional int32 day (DATE);
                  optional int64 moment (TIMESTAMP(MILLIS,true));
                  optional int32 price (DECIMAL(6,2));
                  optional double score;
                  optional boolean good;
                  optional binary image;
                  optional group tags (LIST) {
                    repeated group list {
                      optional binary element (STRING);
                    }
                  }
                  optional group counts (MAP) {
                    repeated group key_value {
                      required binary key (STRING);
                      optional int32 value;
                    }
                  }
                }
                """);
        String features =
                "{\"info\": {\"features\": {\"label\": {\"names\": [\"good\", \"bad\"], \"_type\": \"ClassLabel\"}}}}";
        try (org.apache.parquet.hadoop.ParquetWriter<Group> writer = ExampleParquetWriter.builder(
                        new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withExtraMetaData(Map.of("huggingface", features))
                .withType(schema)
                .build()) {
            for (int row = 0; row < chats.size(); row++) {
                Group group = new SimpleGroup(schema);
                Group messages = group.addGroup("messages");
                for (String[] message : chats.get(row)) {
                    Group element = messages.addGroup("list").addGroup("element");
                    element.append("role", message[0]).append("content", message[1]);
                }
                group.append("label", (long) labels.get(row));
                if (row == 0) {
                    group.append("day", 19_723)
                            .append("moment", 1_704_067_200_500L)
                            .append("price", 1250)
                            .append("score", 0.5)
                            .append("good", true)
                            .append("image", Binary.fromConstantByteArray(new byte[] {(byte) 0xff, (byte) 0xd8}));
                    Group tags = group.addGroup("tags");
                    tags.addGroup("list").append("element", "a");
                    tags.addGroup("list").append("element", "b");
                    group.addGroup("counts")
                            .addGroup("key_value")
                            .append("key", "x")
                            .append("value", 3);
                }
                writer.write(group);
            }
        }
        return file;
    }
}
