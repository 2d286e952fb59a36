package dev.lorikeet.model;

import java.util.List;

/** Settings of an adapter that know, without a model, which parameters they add to one; see {@link ModelShape#with}. */
public interface AdapterSettings {

    /**
     * Parameters that an adapter trains in one place.
     *
     * @param adapter the adapter's name
     * @param path of the module that it adapts
     * @param kind such as "LoRA rank 4 on query"
     * @param size how many numbers they hold, float32
     */
    record AddedPart(String adapter, String path, String kind, long size) {}

    /**
     * Lists the parameters that such an adapter has on a model of this shape.
     *
     * @throws dev.lorikeet.base.UnknownNameException if a target, a module to save or a pattern matches nothing; it lists the
     *     names there are
     */
    List<AddedPart> addedTo(ModelShape shape);
}
