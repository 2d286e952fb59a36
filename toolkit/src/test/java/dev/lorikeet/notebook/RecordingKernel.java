package dev.lorikeet.notebook;

import dev.lorikeet.notebook.view.MimeBundle;
import dev.lorikeet.notebook.view.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A kernel that notes what it should show. */
final class RecordingKernel implements Kernel {

    record Sent(boolean first, Object cell, String id, MimeBundle bundle, boolean interrupted) {

        String text() {
            return (String) bundle.data().get(MimeBundle.TEXT).get();
        }

        String html() {
            return (String) bundle.data().get(MimeBundle.HTML).get();
        }
    }

    record Printed(Object cell, boolean error, String text) {}

    final List<Sent> sent = new CopyOnWriteArrayList<>();
    final List<Printed> printed = new CopyOnWriteArrayList<>();
    volatile Object cell = "cell 1";

    @Override
    public Object self() {
        return this;
    }

    @Override
    public <T> void register(Rule<T> rule) {}

    @Override
    public void evaluate(String source) {}

    @Override
    public Object cell() {
        return cell;
    }

    @Override
    public void display(Object cell, String id, MimeBundle bundle) {
        record(true, cell, id, bundle);
    }

    @Override
    public void update(Object cell, String id, MimeBundle bundle) {
        record(false, cell, id, bundle);
    }

    @Override
    public void print(Object cell, boolean error, String text) {
        printed.add(new Printed(cell, error, text));
    }

    private void record(boolean first, Object cell, String id, MimeBundle bundle) {
        sent.add(new Sent(first, cell, id, bundle, Thread.currentThread().isInterrupted()));
    }

    Sent last() {
        return new ArrayList<>(sent).get(sent.size() - 1);
    }
}
