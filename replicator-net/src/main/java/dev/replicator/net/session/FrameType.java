package dev.replicator.net.session;

/** What a frame is; {@code code} is its first byte on the wire, without the compression bit. */
enum FrameType {
  OPEN(1),
  READY(2),
  REFUSED(3),
  GOODBYE(4),
  PING(5),
  PONG(6),
  ROOTS(7),
  MEMBERS(8),
  MESSAGE(9),
  FENCE(10),
  FENCE_ANSWER(11);

  private static final FrameType[] BY_CODE = new FrameType[16];

  static {
    for (FrameType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  final int code;

  FrameType(int code) {
    this.code = code;
  }

  static FrameType of(int code) {
    if (code < 1 || code >= BY_CODE.length || BY_CODE[code] == null) {
      throw new Violation("a frame of the unknown type " + code);
    }
    return BY_CODE[code];
  }
}
