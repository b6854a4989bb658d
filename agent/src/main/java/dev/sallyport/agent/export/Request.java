package dev.sallyport.agent.export;

/**
 * One encoded OTLP request.
 *
 * @param bytes the protobuf message, from index 0; may be longer than the message
 * @param length of the message
 * @param records log records, spans or metrics in it
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes, never compared: a copy is what hurts
record Request(byte[] bytes, int length, int records) {}
