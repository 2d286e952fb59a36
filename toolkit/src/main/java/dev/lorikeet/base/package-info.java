/**
 * What every room needs: typed errors, progress, cancellation, JSON, HTML tables, atomic writes of files and folders. Calls no
 * other room and no engine. A helper that only one room uses belongs in that room.
 */
package dev.lorikeet.base;
