package dev.lorikeet.model;

import java.util.List;

/** A block whose parameters adapters may replace. */
interface Slotted {

    List<Slot> slots();

    /** What adapters have put there. */
    default List<Slot.StandIn> standIns() {
        return slots().stream().flatMap(slot -> slot.standIn().stream()).toList();
    }
}
