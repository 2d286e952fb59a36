/** The command line: each command is a class that reads its options and calls the toolkit; nothing is computed here. */
package dev.lorikeet.cli;
