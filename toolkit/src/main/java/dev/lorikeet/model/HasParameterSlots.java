package dev.lorikeet.model;

import java.util.List;

/** A block whose parameters adapters may replace. */
interface HasParameterSlots {

    List<ParameterSlot> slots();

    /** What adapters have put there. */
    default List<ParameterSlot.ParameterOverride> standIns() {
        return slots().stream().flatMap(slot -> slot.standIn().stream()).toList();
    }
}
