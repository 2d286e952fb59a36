package dev.lorikeet.notebook;

import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.ArrayList;
import java.util.List;

/** A kernel of IJava's base that notes what it should evaluate. */
final class TestIJavaKernel extends BaseKernel {

    final List<String> evaluated = new ArrayList<>();

    @Override
    public DisplayData eval(String source) {
        evaluated.add(source);
        return null;
    }

    @Override
    public LanguageInfo getLanguageInfo() {
        return new LanguageInfo.Builder("Java").build();
    }
}
