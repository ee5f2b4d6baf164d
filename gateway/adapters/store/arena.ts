/** Memory that is used again and again: what is put together by thousands a second, and copied right after, would else be collected as often. */
export class Arena {
  #bytes = Buffer.alloc(0);
  #used = 0;

  /** Everything given out so far may be overwritten from now on. */
  reset(): void {
    this.#used = 0;
  }

  take(length: number): Buffer {
    if (this.#bytes.length - this.#used < length) {
      // What was given out of the old piece stays where it is.
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, length));
      this.#used = 0;
    }
    this.#used += length;
    return this.#bytes.subarray(this.#used - length, this.#used);
  }
}
