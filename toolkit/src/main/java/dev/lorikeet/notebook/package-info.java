/**
 * What makes a Java notebook pleasant: the kernel extension, renderers, progress bars. May call every room; none calls it.
 * Only {@link dev.lorikeet.notebook.JJavaKernel} and {@link dev.lorikeet.notebook.IJavaKernel} know a kernel's classes.
 */
package dev.lorikeet.notebook;
