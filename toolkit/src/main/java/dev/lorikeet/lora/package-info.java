/** Low-rank adaptation (Hu et al. 2021): settings, injection, merging, and adapter files in PEFT's layout. */
package dev.lorikeet.lora;
