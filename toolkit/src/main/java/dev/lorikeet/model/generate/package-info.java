/**
 * Writing token by token: settings, sampling, decoding over a key-value cache, results.
 */
package dev.lorikeet.model.generate;
