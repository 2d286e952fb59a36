package dev.lorikeet.model.summary;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.lorikeet.base.StoppedException;
import dev.lorikeet.model.block.ParameterSlot;
import dev.lorikeet.model.block.Transformer;
import dev.lorikeet.tensor.TensorMemory;
import dev.lorikeet.tensor.Torch;
import dev.lorikeet.tensor.format.QuantizedArray;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Identifies the frozen weights of a model by the SHA-256 of all their bytes, the scales of quantized ones included. */
public final class WeightsDigest {

    private final MessageDigest digest;

    private WeightsDigest() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /**
     * Computes the hash, in hexadecimal digits. It is the same on every machine that has the same weights in the same stored form.
     *
     * @throws StoppedException if the thread is interrupted
     */
    public static String of(Transformer transformer) {
        WeightsDigest weights = new WeightsDigest();
        List<ParameterSlot> frozen = transformer.slots().stream()
                .filter(slot -> !slot.used().requiresGradient())
                .sorted(Comparator.comparing(ParameterSlot::name))
                .toList();
        frozen.forEach(weights::add);
        return HexFormat.of().formatHex(weights.digest.digest());
    }

    private void add(ParameterSlot slot) {
        StoppedException.check("Comparing the weights was stopped; nothing has changed");
        digest.update((slot.name() + slot.used().getShape()).getBytes(StandardCharsets.UTF_8));
        Optional<QuantizedArray> quantized = slot.quantized();
        if (quantized.isPresent()) {
            digest.update(quantized.get().name().getBytes(StandardCharsets.UTF_8));
            new NDList(quantized.get().qweight())
                    .addAll(quantized.get().auxiliary())
                    .forEach(this::add);
        } else {
            // Float32 holds what any dense type holds, and DJL does not know bfloat16.
            try (NDManager scope = Torch.manager();
                    NDArray dense = slot.copyUsed(scope)) {
                add(dense);
            }
        }
    }

    private void add(NDArray array) {
        try (NDManager scope = Torch.manager()) {
            NDArray onHost = array.getDevice().isGpu() ? array.toDevice(Device.cpu(), true) : array;
            for (ByteBuffer bytes : TensorMemory.bytes(TensorMemory.inOrder(onHost, scope))) {
                digest.update(bytes);
            }
            if (onHost != array) {
                onHost.close();
            }
        }
    }
}
