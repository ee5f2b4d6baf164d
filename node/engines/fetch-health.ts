import { NodeError } from '../errors.ts';
import type { EngineHealth } from './engine.ts';

const patience = 3_000;

/** GET /health of an engine. Errors: NODE_ENGINE_UNREACHABLE. */
export async function fetchHealth(endpoint: string): Promise<EngineHealth> {
  try {
    const answer = await fetch(new URL('/health', endpoint), { signal: AbortSignal.timeout(patience) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return (await answer.json()) as EngineHealth;
  } catch (error) {
    throw new NodeError('NODE_ENGINE_UNREACHABLE', { endpoint }, { cause: error });
  }
}
