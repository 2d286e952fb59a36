package dev.lorikeet.model;

import dev.lorikeet.base.BadArgumentException;
import dev.lorikeet.base.HtmlTable;
import dev.lorikeet.base.LorikeetException;
import dev.lorikeet.base.Renderable;
import dev.lorikeet.base.UnknownNameException;
import dev.lorikeet.model.Adapter.State;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The adapters on a model by name, in the order in which they came, those that are switched off included. */
public final class Adapters implements Renderable {

    private final List<Adapter> list = new CopyOnWriteArrayList<>();

    Adapters() {}

    public List<Adapter> list() {
        return List.copyOf(list);
    }

    public List<String> names() {
        return list.stream().map(Adapter::name).toList();
    }

    /** @throws UnknownNameException if there is none of this name; it lists those there are */
    public Adapter get(String name) {
        return list.stream()
                .filter(adapter -> adapter.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownNameException("adapter", name, names()));
    }

    /**
     * Switches these adapters on and all others off; several add up. A merged one stays merged.
     *
     * @throws UnknownNameException if there is no adapter of a name
     * @throws LorikeetException if one of them is merged, or two of them replace the same parameter; all is then as before
     */
    public void activate(String... names) {
        BadArgumentException.unless(names.length > 0, "names", "none", "at least one; disable() switches all off");
        Set<Adapter> chosen = Arrays.stream(names).map(this::get).collect(Collectors.toSet());
        chosen.stream().filter(adapter -> adapter.state() == State.MERGED).forEach(adapter -> {
            throw new LorikeetException("The adapter \"%s\" is merged into the model's weights and counts already; "
                            .formatted(adapter.name())
                    + "unmerge() it to choose among adapters again");
        });
        Set<Adapter> before = active();
        try {
            switchTo(chosen::contains);
        } catch (LorikeetException e) {
            switchTo(before::contains);
            throw e;
        }
    }

    /** Switches all adapters off; the model is then as if there were none but those that are merged. */
    public void disable() {
        switchTo(adapter -> false);
    }

    private Set<Adapter> active() {
        return Set.copyOf(in(State.ACTIVE));
    }

    /** The adapters in this state, in the order in which they came. */
    List<Adapter> in(State state) {
        return list.stream().filter(adapter -> adapter.state() == state).toList();
    }

    private void switchTo(Predicate<Adapter> on) {
        for (Adapter adapter : list) {
            if (adapter.state() == State.ACTIVE && !on.test(adapter)) {
                adapter.disable();
            }
        }
        for (Adapter adapter : list) {
            if (adapter.state() == State.DISABLED && on.test(adapter)) {
                adapter.enable();
            }
        }
    }

    /** Takes an adapter off the model and frees its memory; see {@link Adapter#remove}. */
    public void remove(String name) {
        get(name).remove();
    }

    /** Two adapters of one name could not be told apart, and running a cell again would put the same one on twice. */
    public void checkFree(String name) {
        BadArgumentException.unless(!name.isBlank(), "adapter name", name, "a name");
        BadArgumentException.unless(
                !name.matches("(?s)\\.{1,2}|.*[/\\\\\\p{Cntrl}].*"),
                "adapter name",
                name,
                "one that can be a folder's: checkpoints have a folder for each adapter");
        BadArgumentException.unless(
                !names().contains(name),
                "adapter name",
                name,
                "one that the model does not carry; remove() that one, or choose another name");
    }

    /** Lists an adapter that was put on the model. */
    public void add(Adapter adapter) {
        checkFree(adapter.name());
        list.add(adapter);
    }

    /** Strikes an adapter that was taken off the model from the list. */
    public void forget(Adapter adapter) {
        list.remove(adapter);
    }

    @Override
    public String html() {
        HtmlTable table = HtmlTable.of("Adapter", "State", "Parameters");
        list.forEach(adapter -> table.row(
                adapter.name(),
                adapter.state().toString(),
                adapter.trainableParameters().trainable()));
        return table.html();
    }

    @Override
    public String toString() {
        return list.isEmpty()
                ? "no adapters"
                : list.stream()
                        .map(adapter -> adapter.name() + ": " + adapter.state())
                        .collect(Collectors.joining("\n"));
    }
}
