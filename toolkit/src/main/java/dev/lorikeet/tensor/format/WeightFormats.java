package dev.lorikeet.tensor.format;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.tensor.Quantization;
import dev.lorikeet.tensor.engine.Backend;
import java.util.List;
import java.util.Optional;

/** The stored forms of a weight. */
public final class WeightFormats {

    public static final Dense DENSE = new Dense();
    public static final Q4v1 Q4_1 = new Q4v1();
    public static final AffineInt4 AFFINE_INT4 = new AffineInt4();
    public static final AffineInt8 AFFINE_INT8 = new AffineInt8();
    public static final Nf4 NF4 = new Nf4();
    public static final Nf4Double NF4_DOUBLE = new Nf4Double();
    public static final PackedInt4 PACKED_INT4 = new PackedInt4();

    /** Where several can store a file's groups, the first does. */
    private static final List<WeightFormat> ALL =
            List.of(DENSE, Q4_1, AFFINE_INT4, AFFINE_INT8, NF4, NF4_DOUBLE, PACKED_INT4);

    private WeightFormats() {}

    public static List<WeightFormat> all() {
        return ALL;
    }

    /** The format with a {@link WeightFormat#id}; empty for one that this version does not know. */
    public static Optional<WeightFormat> withId(int id) {
        return ALL.stream().filter(format -> format.id() == id).findFirst();
    }

    /** The format that quantizes so; none for {@link Quantization#AS_STORED}. */
    static Optional<WeightFormat> of(Quantization how) {
        return ALL.stream()
                .filter(format -> format.quantization().filter(how::equals).isPresent())
                .findFirst();
    }

    /**
     * What a file's groups are stored with on a device.
     *
     * @throws BadArgumentException if no format stores such groups
     */
    public static GroupPacker packer(GroupLayout layout, Backend backend) {
        return ALL.stream()
                .flatMap(format -> format.packer(layout, backend).stream())
                .findFirst()
                .orElseThrow(() -> new BadArgumentException("groups", layout, "groups of 4-bit or 8-bit values"));
    }
}
