/** What every room needs: typed errors, progress, cancellation, JSON, writes of whole files and folders. Calls no other room. */
package dev.lorikeet.base;
