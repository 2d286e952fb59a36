/**
 * Files to Tablesaw tables: CSV, JSON, Parquet and text, in any encoding. A file is checked before it is read.
 */
package dev.lorikeet.data.table;
