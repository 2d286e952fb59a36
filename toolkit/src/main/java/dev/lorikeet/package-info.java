/** Lorikeet: LoRA fine-tuning in Java notebooks. The rooms are the packages below this one. */
package dev.lorikeet;
