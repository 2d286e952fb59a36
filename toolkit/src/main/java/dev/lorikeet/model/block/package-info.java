/**
 * The blocks that a transformer is made of: projections, norms, layers, rotary positions, caches, and the places where adapters
 * put their parameters. Nothing here knows a family, a file or a tokenizer.
 */
package dev.lorikeet.model.block;
