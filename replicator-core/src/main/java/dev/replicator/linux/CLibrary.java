package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * Binds functions of the C library. Every handle takes {@link #state} as its first argument, in
 * which the function leaves its error number; wrappers return what the function did, or the error
 * number negated.
 */
final class CLibrary {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      CAPTURE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

  private CLibrary() {}

  /** A function without variable arguments. */
  static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
    return variadic(name, result, arguments.length, arguments);
  }

  /** A function whose arguments from {@code fixed} on are variable ones ({@code ...} in C). */
  static MethodHandle variadic(
      String name, MemoryLayout result, int fixed, MemoryLayout... arguments) {
    Linker.Option capture = Linker.Option.captureCallState("errno");
    Linker.Option[] options =
        fixed < arguments.length
            ? new Linker.Option[] {capture, Linker.Option.firstVariadicArg(fixed)}
            : new Linker.Option[] {capture};
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        options);
  }

  /** Where this thread's next call leaves its error number. */
  static MemorySegment state() {
    return STATE.get();
  }

  /** The result of a call, or its error number negated. */
  static int result(int returned, MemorySegment state) {
    return returned >= 0 ? returned : -state.get(JAVA_INT, ERRNO);
  }

  /** The result of a call, or its error number negated. */
  static long result(long returned, MemorySegment state) {
    return returned >= 0 ? returned : -state.get(JAVA_INT, ERRNO);
  }

  /** A handle threw: the binding itself is wrong. */
  static AssertionError broken(Throwable thrown) {
    return new AssertionError("a binding of the C library is wrong", thrown);
  }
}
