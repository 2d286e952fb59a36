/**
 * How values look in a notebook: tables, tensors, records, errors.
 */
package dev.lorikeet.notebook.view;
