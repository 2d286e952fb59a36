/**
 * How PEFT's files and settings name the modules of a model.
 */
package dev.lorikeet.lora.names;
