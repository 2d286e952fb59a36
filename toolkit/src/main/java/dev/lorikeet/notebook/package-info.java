/**
 * Integration in Java notebooks: the kernel extension, renderers, progress bars. It may call every room; no room calls it.
 * Only {@link dev.lorikeet.notebook.JJavaKernel} with its requests and {@link dev.lorikeet.notebook.IJavaKernel} know a kernel's
 * classes.
 */
package dev.lorikeet.notebook;
