/**
 * What a user calls: {@link dev.lorikeet.model.Models#load loading}, the kinds of model, what they predict, and the adapters on them. How
 * a model is built, stored, shown and made to write lives in the rooms behind.
 */
package dev.lorikeet.model;
