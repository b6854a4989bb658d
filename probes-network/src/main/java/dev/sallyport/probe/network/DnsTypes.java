package dev.sallyport.probe.network;

/** Names of DNS's numbers, as IANA registers them. */
final class DnsTypes {

  static final int A = 1;
  static final int NS = 2;
  static final int CNAME = 5;
  static final int SOA = 6;
  static final int PTR = 12;
  static final int MX = 15;
  static final int TXT = 16;
  static final int AAAA = 28;
  static final int SRV = 33;
  static final int DNAME = 39;
  static final int OPT = 41;
  static final int SVCB = 64;
  static final int HTTPS = 65;
  static final int SPF = 99;
  static final int CAA = 257;

  static final int CLASS_IN = 1;

  private DnsTypes() {}

  /** {@return a type's name; after its class's, when that is not the internet's} */
  static String name(int type, int dnsClass) {
    return dnsClass == CLASS_IN ? name(type) : className(dnsClass) + " " + name(type);
  }

  static String name(int type) {
    return switch (type) {
      case A -> "A";
      case NS -> "NS";
      case CNAME -> "CNAME";
      case SOA -> "SOA";
      case 10 -> "NULL";
      case 11 -> "WKS";
      case PTR -> "PTR";
      case 13 -> "HINFO";
      case MX -> "MX";
      case TXT -> "TXT";
      case 17 -> "RP";
      case 18 -> "AFSDB";
      case 24 -> "SIG";
      case 25 -> "KEY";
      case AAAA -> "AAAA";
      case 29 -> "LOC";
      case SRV -> "SRV";
      case 35 -> "NAPTR";
      case 36 -> "KX";
      case 37 -> "CERT";
      case DNAME -> "DNAME";
      case OPT -> "OPT";
      case 42 -> "APL";
      case 43 -> "DS";
      case 44 -> "SSHFP";
      case 45 -> "IPSECKEY";
      case 46 -> "RRSIG";
      case 47 -> "NSEC";
      case 48 -> "DNSKEY";
      case 49 -> "DHCID";
      case 50 -> "NSEC3";
      case 51 -> "NSEC3PARAM";
      case 52 -> "TLSA";
      case 53 -> "SMIMEA";
      case 55 -> "HIP";
      case 59 -> "CDS";
      case 60 -> "CDNSKEY";
      case 61 -> "OPENPGPKEY";
      case 62 -> "CSYNC";
      case 63 -> "ZONEMD";
      case SVCB -> "SVCB";
      case HTTPS -> "HTTPS";
      case SPF -> "SPF";
      case 108 -> "EUI48";
      case 109 -> "EUI64";
      case 249 -> "TKEY";
      case 250 -> "TSIG";
      case 251 -> "IXFR";
      case 252 -> "AXFR";
      case 255 -> "ANY";
      case 256 -> "URI";
      case CAA -> "CAA";
      default -> "TYPE" + type;
    };
  }

  private static String className(int dnsClass) {
    return switch (dnsClass) {
      case 3 -> "CH";
      case 4 -> "HS";
      case 254 -> "NONE";
      case 255 -> "ANY";
      default -> "CLASS" + dnsClass;
    };
  }

  static String responseCode(int code) {
    return switch (code) {
      case 0 -> "NOERROR";
      case 1 -> "FORMERR";
      case 2 -> "SERVFAIL";
      case 3 -> "NXDOMAIN";
      case 4 -> "NOTIMP";
      case 5 -> "REFUSED";
      case 6 -> "YXDOMAIN";
      case 7 -> "YXRRSET";
      case 8 -> "NXRRSET";
      case 9 -> "NOTAUTH";
      case 10 -> "NOTZONE";
      case 16 -> "BADVERS";
      case 23 -> "BADCOOKIE";
      default -> "RCODE" + code;
    };
  }
}
