/** Uses the packaged jar as those do who have no checkout: in a program, in a Maven project, in another kernel. */
package dev.lorikeet.published;
