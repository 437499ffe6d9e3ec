/** An object's content as `GetObject` gives it: the SDK's own readers of it, without a stream, and so without any I/O. */
export class ObjectBody {
  readonly #bytes: Buffer;
  #isTaken = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Once only, as of a stream. */
  async transformToByteArray(): Promise<Uint8Array> {
    if (this.#isTaken) throw new Error('The stream has already been transformed.');
    this.#isTaken = true;
    return Uint8Array.from(this.#bytes);
  }

  async transformToString(encoding?: BufferEncoding): Promise<string> {
    return Buffer.from(await this.transformToByteArray()).toString(encoding);
  }
}

/** The bytes of a body that is put. */
export function bytesOf(body: unknown): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  throw new Error('The simulated bucket takes text or bytes: teach it.');
}
