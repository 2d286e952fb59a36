/**
 * Values of templates, and the functions, filters and tests that work on them; each has its budget of steps.
 */
package dev.lorikeet.text.jinja.value;
