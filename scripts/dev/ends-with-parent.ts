/**
 * Preloaded (`node --import`) into each process of a development network: ends it when the process that started it is gone, however that went. The kernel
 * closes the channel to a parent that got SIGKILL, too; without this, its network would keep the ports and the data folder.
 */
const forceAfterMs = 15_000;

process.once('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), forceAfterMs).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The channel alone must not keep a process up that is done.
process.channel?.unref();
