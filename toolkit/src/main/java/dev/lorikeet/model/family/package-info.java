/**
 * One file a family of models: its names, settings, tensors and what its layers are made of. {@link
 * dev.lorikeet.model.family.Families} is the registry. Nothing here opens a model's weights.
 */
package dev.lorikeet.model.family;
