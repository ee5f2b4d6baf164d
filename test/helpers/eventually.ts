import { setTimeout as delay } from 'node:timers/promises';

/** Polls until the condition holds, at most `ms`; throws naming `what` if it never does. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`did not come to pass within ${ms} ms: ${what}`);
    await delay(20);
  }
}
