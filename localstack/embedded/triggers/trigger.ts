/** Something that invokes functions by itself. */
export interface Trigger {
  start(): void;
  /** Invokes nothing any more, and settles once what it began has ended. */
  stop(): Promise<void>;
}
