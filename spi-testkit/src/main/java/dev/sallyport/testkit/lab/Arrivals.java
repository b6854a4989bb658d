package dev.sallyport.testkit.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What reached the lab, said for people: a line for each name that something was sent to. */
final class Arrivals {
  private static final class Total {
    int requests;
    long bytes;
    int questions;
  }

  private Arrivals() {}

  static List<String> of(Lab lab) {
    Map<String, Total> totals = new TreeMap<>();
    for (AccessRecord entry : lab.accessLog()) {
      if (entry.kind() == AccessRecord.Kind.REQUEST) {
        Total total = totals.computeIfAbsent(entry.host(), host -> new Total());
        total.requests++;
        total.bytes += entry.bytes();
      }
    }
    String tunnel = LabHost.TUNNEL.name();
    for (DnsQuery query : lab.dnsQueries()) {
      if (query.name().endsWith("." + tunnel)) {
        totals.computeIfAbsent("*." + tunnel, host -> new Total()).questions++;
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add("What reached the lab's internet:");
    totals.forEach((host, total) -> lines.add("  %-26s %s".formatted(host, said(total))));
    if (totals.isEmpty()) {
      lines.add("  nothing");
    }
    return lines;
  }

  private static String said(Total total) {
    List<String> parts = new ArrayList<>();
    if (total.requests > 0) {
      parts.add(counted(total.requests, "request"));
    }
    if (total.bytes > 0) {
      parts.add(counted(total.bytes, "byte") + " of upload");
    }
    if (total.questions > 0) {
      parts.add(counted(total.questions, "DNS question"));
    }
    return String.join(", ", parts);
  }

  private static String counted(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
