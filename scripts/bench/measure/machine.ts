import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  node: process.version,
});

/** Processes that ran or waited for the processor or the disk, averaged over the last minute. */
export const loadOfLastMinute = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100;

/** Of USER_HZ, which Linux fixes at 100 for /proc. */
const ticksPerSecond = 100;

/** Seconds of processor time a process has used so far, its threads included; NaN where there is no /proc (proc_pid_stat(5), fields 14 and 15). */
export const processorSeconds = (pid: number | undefined): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in brackets, with whatever is in it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return Number.NaN;
  }
};
