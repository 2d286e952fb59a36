package dev.lorikeet.notebook;

import java.util.List;

/** What a notebook need not import itself: single types, because wildcards clash. */
final class Imports {

    static final List<String> ALL = List.of(
            "ai.djl.ndarray.NDArray",
            "ai.djl.ndarray.NDManager",
            "ai.djl.ndarray.types.DataType",
            "ai.djl.ndarray.types.Shape",
            "dev.lorikeet.base.Progress",
            "dev.lorikeet.notebook.Lorikeet",
            "dev.lorikeet.plot.Axis",
            "dev.lorikeet.plot.Chart",
            "dev.lorikeet.plot.Plots",
            "dev.lorikeet.plot.Series",
            "dev.lorikeet.train.History",
            "java.nio.file.Path",
            "tech.tablesaw.api.Table");

    private Imports() {}

    /** All of them as source. */
    static String source() {
        return ALL.stream().map(name -> "import " + name + ";\n").reduce("", String::concat);
    }
}
