/** What is used of wasmcurves 0.2, which brings no types. */
declare module 'wasmcurves/build/bn128_wasm.js' {
  /** The WebAssembly module, base64. It imports `env.memory`, of which it uses what lies below the number in the first four bytes. */
  export const code: string;
}
