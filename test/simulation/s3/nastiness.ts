/**
 * How often the simulated bucket does what S3 is free to do and a well-meaning emulator never does. Each is a probability. What
 * is read is always what was last written: S3 is strongly consistent (Amazon S3 User Guide, "Amazon S3 data consistency
 * model"), lists included.
 */
export interface S3Nastiness {
  /** Of a call: it is refused for its rate and nothing done (Amazon S3 API Reference, "Error responses": 503 `SlowDown`). */
  readonly throttle: number;
  /**
   * Of a list: it ends before it must, and says so (Amazon S3 API Reference, `ListObjectsV2`, `MaxKeys`: "the response might
   * contain fewer keys but will never contain more").
   */
  readonly shortPage: number;
  /**
   * Of a put on a condition under a key that changed while the put was under way: it is refused as a conflict in place of what the
   * condition says (Amazon S3 API Reference, `PutObject`, `If-None-Match`: "if a conflicting operation occurs during the upload
   * S3 returns a 409 `ConditionalRequestConflict` response. On a 409 failure you should retry the upload").
   */
  readonly conflict: number;
}

/** A bucket that takes no liberty. */
export const EXACT_S3: S3Nastiness = { throttle: 0, shortPage: 0, conflict: 0 };
