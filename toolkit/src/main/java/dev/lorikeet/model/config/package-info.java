/**
 * The settings of a transformer as plain values: widths, attention, rotary positions, scales, and the parts that it may have.
 */
package dev.lorikeet.model.config;
