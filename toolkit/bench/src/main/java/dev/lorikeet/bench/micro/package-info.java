/** Micro-benchmarks of the parts, by JMH: one class a part. They are found and run by {@code toolkit/bench/run --micro}. */
package dev.lorikeet.bench.micro;
