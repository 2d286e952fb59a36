/** Our side of the benchmarks: one main class a case, which prints its measurements as one line of JSON. */
package dev.lorikeet.bench;
