/**
 * The part of Jinja2 that chat templates use, with the settings of Hugging Face's transformers (trim_blocks, lstrip_blocks, loop
 * controls, no escaping). Written here because the one such library for Java, jinjava, follows the rules of Java's expression
 * language: to it an answer "False" is false and dropped, "not x is defined" means "(not x) is defined", and what is missing is
 * written as "null". What is not supported is refused when a template is parsed.
 */
package dev.lorikeet.text.jinja;
