/**
 * The public data sets, those of the hub, and the layouts that some of them have.
 */
package dev.lorikeet.data.catalogue;
