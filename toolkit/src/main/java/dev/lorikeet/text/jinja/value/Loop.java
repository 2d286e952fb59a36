package dev.lorikeet.text.jinja.value;

import java.util.List;

/** The variable {@code loop}: where a loop is. */
public final class Loop {

    private final List<Object> items;
    private final Loop outer;
    private int index;

    public Loop(List<Object> items, Loop outer) {
        this.items = items;
        this.outer = outer;
    }

    public void at(int place) {
        index = place;
    }

    Object get(String name) {
        int last = items.size() - 1;
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> last - index + 1L;
            case "revindex0" -> (long) last - index;
            case "first" -> index == 0;
            case "last" -> index == last;
            case "length" -> (long) items.size();
            case "depth" -> depth();
            case "depth0" -> depth() - 1;
            case "previtem" -> index > 0 ? items.get(index - 1) : new Undefined("loop.previtem");
            case "nextitem" -> index < last ? items.get(index + 1) : new Undefined("loop.nextitem");
            case "cycle" ->
                (Callable) given -> {
                    if (given.positional().isEmpty()) {
                        throw new JinjaException("loop.cycle has nothing to choose from");
                    }
                    return given.positional().get(index % given.positional().size());
                };
            default -> new Undefined("loop." + name);
        };
    }

    private long depth() {
        return outer == null ? 1 : outer.depth() + 1;
    }
}
