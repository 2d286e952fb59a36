package dev.lorikeet.memory;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Structure;

/** Asks the GNU C library how much memory malloc has allocated; see mallinfo(3). */
final class NativeHeap {

    private NativeHeap() {}

    /** The fields of {@code struct mallinfo2}, each a size_t. */
    @Structure.FieldOrder({
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keepcost"
    })
    public static final class Statistics extends Structure implements Structure.ByValue {
        public NativeLong arena;
        public NativeLong ordblks;
        public NativeLong smblks;
        public NativeLong hblks;
        public NativeLong hblkhd;
        public NativeLong usmblks;
        public NativeLong fsmblks;
        public NativeLong uordblks;
        public NativeLong fordblks;
        public NativeLong keepcost;
    }

    /** Bytes in use, tensors included: in its heaps and in memory maps. 0 where the library does not tell. */
    static long inUse() {
        try {
            Function function = NativeLibrary.getProcess().getFunction("mallinfo2");
            Statistics now = (Statistics) function.invoke(Statistics.class, new Object[0]);
            return now.uordblks.longValue() + now.hblkhd.longValue();
        } catch (UnsatisfiedLinkError e) {
            return 0;
        }
    }
}
