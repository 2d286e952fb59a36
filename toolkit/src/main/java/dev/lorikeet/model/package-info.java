/**
 * GPT-2 and the Llama family as DJL blocks whose projections take adapters; the classifier head, the key-value cache, generation, the
 * summary, and {@link dev.lorikeet.model.Models#load loading}. What trains or adapts a model lives elsewhere.
 */
package dev.lorikeet.model;
