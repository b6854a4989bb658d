package dev.sallyport.spi.runner;

import org.jspecify.annotations.Nullable;

/**
 * Who a step is.
 *
 * @param stepId its number in the records of its job
 * @param name what people call it; null while unknown
 * @param index its place in the workflow's list, from 1; 0 when unknown
 */
public record StepIdentity(int stepId, @Nullable String name, int index) {}
