/** WebAssembly that is compiled before a Worker starts. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
