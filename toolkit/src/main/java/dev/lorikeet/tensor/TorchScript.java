package dev.lorikeet.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.lorikeet.base.LorikeetException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The module in {@code script/}, packed into a TorchScript archive and loaded once. DJL lacks the operations in it; its
 * JNI can call a loaded module's methods with autograd on.
 */
final class TorchScript {

    /** Pickles of an object with {@code training} and {@code row_at_once} true, and of an empty tuple of constants. */
    private static final String OBJECT =
            "\u0080\u0002c__torch__\nOps\n)\u0081}(X\b\0\0\0training\u0088X\13\0\0\0row_at_once\u0088ub.";

    private static final String CONSTANTS = "\u0080\u0002).";

    /** The format's version: at least 10 is needed for {@code gelu(approximate=)}. */
    private static final String VERSION = "10\n";

    /** The files that the module is put together from, the first with its header. */
    private static final List<String> TOPICS = List.of(
            "module", "quantized", "projection", "attention", "layer", "vocabulary", "loss", "optimizer", "arrays");

    private static final PtSymbolBlock MODULE = load();

    /** The graph executor's setting is per thread; with it on, every new shape is compiled anew. */
    private static final ThreadLocal<Boolean> EXECUTOR_SET = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        return true;
    });

    private TorchScript() {}

    /**
     * Calls a method of the module.
     *
     * @param method its name
     * @param training whether autograd may record the call; if not, the result can never take part in a backward pass, not
     *     even as a constant
     * @param tensors the single tensor arguments; the result belongs to the manager of the first
     * @param lists the arguments that are lists of tensors, after the single ones
     */
    static NDArray call(String method, boolean training, NDList tensors, NDList... lists) {
        EXECUTOR_SET.get();
        NDList inputs = new NDList();
        for (NDArray tensor : tensors) {
            tensor.setName(null);
            inputs.add(tensor);
        }
        for (int i = 0; i < lists.length; i++) {
            String name = "list" + i + "[]";
            for (NDArray tensor : lists[i]) {
                tensor.setName(name);
                inputs.add(tensor);
            }
        }
        try (NDArray name = tensors.head().getManager().create(0)) {
            name.setName("module_method:" + method);
            inputs.add(name);
            return IValueUtils.forward(MODULE, inputs, training).head();
        }
    }

    /**
     * Calls a method in a pass that autograd does not record.
     *
     * @param tensors the single tensor arguments; the result belongs to the manager of the first
     * @param lists the arguments that are lists of tensors, after the single ones
     */
    static NDArray infer(String method, NDList tensors, TensorList... lists) {
        EXECUTOR_SET.get();
        IValue[] inputs = new IValue[tensors.size() + lists.length];
        try {
            for (int i = 0; i < tensors.size(); i++) {
                inputs[i] = IValue.from((PtNDArray) tensors.get(i));
            }
            for (int i = 0; i < lists.length; i++) {
                inputs[tensors.size() + i] = lists[i].value();
            }
            try (IValue result = IValueUtils.runMethod(MODULE, method, inputs)) {
                return result.toTensor((PtNDManager) tensors.head().getManager());
            }
        } finally {
            Arrays.stream(inputs, 0, tensors.size()).filter(Objects::nonNull).forEach(IValue::close);
        }
    }

    private static PtSymbolBlock load() {
        try {
            Path archive = Files.createTempFile("lorikeet-ops", ".pt");
            try {
                writeArchive(archive);
                NDManager manager = Torch.manager();
                return JniUtils.loadModule((PtNDManager) manager, archive, false, new String[0], new String[0], true);
            } finally {
                Files.delete(archive);
            }
        } catch (IOException e) {
            throw new LorikeetException("The toolkit's TorchScript module could not be loaded: " + e.getMessage(), e);
        }
    }

    private static void writeArchive(Path archive) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            add(zip, "data.pkl", OBJECT.getBytes(StandardCharsets.ISO_8859_1));
            add(zip, "constants.pkl", CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
            add(zip, "code/__torch__.py", code().getBytes(StandardCharsets.UTF_8));
            add(zip, "version", VERSION.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** All topics as one class; the archive's parser knows no comments. */
    private static String code() throws IOException {
        StringBuilder code = new StringBuilder();
        for (String topic : TOPICS) {
            try (InputStream file = TorchScript.class.getResourceAsStream("script/" + topic + ".py")) {
                new String(file.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.strip().startsWith("#"))
                        .forEach(line -> code.append(line).append('\n'));
            }
        }
        return code.toString();
    }

    private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry("ops/" + name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
