package dev.lorikeet.model.block;

import java.util.List;

/** A block whose parameters adapters may replace. */
public interface HasParameterSlots {

    List<ParameterSlot> slots();

    /** What adapters have put there. */
    default List<ParameterSlot.ParameterOverride> overrides() {
        return slots().stream().flatMap(slot -> slot.override().stream()).toList();
    }
}
