package dev.lorikeet.tensor.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.UnknownNameException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipOutputStream;

/** The {@link Script}, loaded into the engine once. DJL's JNI can call its functions with autograd on. */
final class ScriptModule {

    private static final NDManager MANAGER = PyTorchEngine.get().newBaseManager(ai.djl.Device.cpu());

    private static final Map<String, Signature> SIGNATURES;

    private static final PtSymbolBlock MODULE;

    static {
        Script script = new Script();
        SIGNATURES = Signature.in(script.code());
        MODULE = load(script);
    }

    /** The graph executor's setting is per thread; with it on, every new shape is compiled anew. */
    private static final ThreadLocal<Boolean> EXECUTOR_SET = ThreadLocal.withInitial(() -> {
        JniUtils.setGraphExecutorOptimize(false);
        return true;
    });

    /** DJL is told the name of a method by an array that has a name. */
    private static final Map<String, NDArray> METHOD_NAMES = new ConcurrentHashMap<>();

    private ScriptModule() {}

    /** @throws UnknownNameException if there is no such function */
    static Signature signature(String function) {
        Signature signature = SIGNATURES.get(function);
        if (signature == null) {
            throw new UnknownNameException("function of the script", function, SIGNATURES.keySet());
        }
        return signature;
    }

    /**
     * Runs a function so that autograd may record it.
     *
     * @param inputs single tensors without a name, the tensors of a list each with the list's; the method's name is added
     * @return owned by the manager of the first input
     */
    static NDArray forward(String function, NDList inputs) {
        EXECUTOR_SET.get();
        inputs.add(METHOD_NAMES.computeIfAbsent(function, ScriptModule::methodName));
        return IValueUtils.forward(MODULE, inputs, true).head();
    }

    private static NDArray methodName(String function) {
        NDArray carrier = MANAGER.create(0);
        carrier.setName("module_method:" + function);
        return carrier;
    }

    /** Runs a function in the engine's inference mode. */
    static IValue infer(String function, IValue[] inputs) {
        EXECUTOR_SET.get();
        return IValueUtils.runMethod(MODULE, function, inputs);
    }

    private static PtSymbolBlock load(Script script) {
        try {
            Path archive = Files.createTempFile("lorikeet-ops", ".pt");
            try {
                try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
                    script.write(zip);
                }
                return JniUtils.loadModule((PtNDManager) MANAGER, archive, false, new String[0], new String[0], true);
            } finally {
                Files.delete(archive);
            }
        } catch (IOException e) {
            throw new LorikeetException("The toolkit's TorchScript module could not be loaded: " + e.getMessage(), e);
        }
    }
}
