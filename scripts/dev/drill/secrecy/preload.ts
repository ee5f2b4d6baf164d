/** Address of the module that keeps the bodies between gateways in this folder; for `StartCommand`. */
export const captureInto = (folder: string): string => {
  const module = new URL('./capture-peer-bodies.ts', import.meta.url);
  module.searchParams.set('into', folder);
  return module.href;
};
