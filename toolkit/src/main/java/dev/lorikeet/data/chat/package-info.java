/**
 * Conversations, and the forms in which data sets write them.
 */
package dev.lorikeet.data.chat;
