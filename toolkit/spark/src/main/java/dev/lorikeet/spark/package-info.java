/**
 * LoRA on Apache Spark: gradients from executors, and batches over DataFrames. No Scala type appears in it, so that one jar runs on
 * Spark 3.5 to 4.2.
 */
package dev.lorikeet.spark;
