package dev.lorikeet.weights;

import dev.lorikeet.base.BadArgumentException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes GGUF files of version 3. */
final class GgufWriter {

    private static final int MAGIC = 0x46554747;
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final String ALIGNMENT_KEY = "general.alignment";

    /** ggml's limit, without the terminating zero byte. */
    private static final int MAX_NAME_LENGTH = 63;

    private GgufWriter() {}

    static void write(Path path, Map<String, Object> metadata, List<NewTensor> tensors) {
        check(metadata, tensors);
        GgufBytes header = header(metadata, tensors);
        TensorOutput.write(path, output -> {
            output.bytes(header.buffer());
            for (NewTensor tensor : tensors) {
                output.pad(ALIGNMENT);
                output.tensor(tensor);
            }
            output.pad(ALIGNMENT);
        });
    }

    private static void check(Map<String, Object> metadata, List<NewTensor> tensors) {
        Object alignment = metadata.getOrDefault(ALIGNMENT_KEY, ALIGNMENT);
        BadArgumentException.unless(
                alignment instanceof Number number && number.longValue() == ALIGNMENT,
                ALIGNMENT_KEY,
                alignment,
                "none, or " + ALIGNMENT);
        Set<String> names = new HashSet<>();
        for (NewTensor tensor : tensors) {
            BadArgumentException.unless(
                    tensor.name().length() <= MAX_NAME_LENGTH && names.add(tensor.name()),
                    "tensor name",
                    tensor.name(),
                    "at most " + MAX_NAME_LENGTH + " characters, once");
        }
    }

    private static GgufBytes header(Map<String, Object> metadata, List<NewTensor> tensors) {
        GgufBytes out = new GgufBytes();
        out.u4(MAGIC).u4(VERSION).u8(tensors.size()).u8(metadata.size());
        metadata.forEach(out::entry);
        long offset = 0;
        for (NewTensor tensor : tensors) {
            long[] shape = tensor.shape().getShape();
            out.string(tensor.name()).u4(shape.length);
            for (int i = shape.length - 1; i >= 0; i--) {
                out.u8(shape[i]);
            }
            out.u4(tensor.stored().ggufId()).u8(offset);
            offset = (offset + tensor.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        return out;
    }
}
