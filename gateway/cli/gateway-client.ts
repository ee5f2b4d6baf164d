import { CliFailure, exitStatus } from './failure.ts';

type ProblemBody = {
  readonly code?: string;
  readonly detail?: string;
  readonly detailZh?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
};

/** One gateway's client API. Refusals end the command with status 1, a gateway that does not answer with 3. */
export type GatewayClient = {
  readonly address: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  /** Sends a body of another type, as a stream if it is one. */
  send<T>(path: string, type: string, body: AsyncIterable<Uint8Array>): Promise<T>;
  /** Lines of NDJSON as they come. */
  lines(path: string, request?: RequestInit): AsyncGenerator<unknown>;
};

const timeoutMs = 60_000;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const gatewayClient = (address: string, token: string | undefined, lang: 'en' | 'zh'): GatewayClient => {
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    let response: Response;
    try {
      response = await fetch(new URL(path, address), { ...init, headers });
    } catch (cause) {
      const reason = (cause as { cause?: { code?: string } }).cause?.code ?? (cause as Error).name;
      throw new CliFailure(exitStatus.unreachable, 'GATEWAY_UNREACHABLE', `${address} does not answer (${reason})`, { address, reason });
    }
    if (response.ok) return response;
    const problem = parse(await response.text()) as ProblemBody | undefined;
    const code = problem?.code ?? `HTTP_${response.status}`;
    const text = (lang === 'zh' ? problem?.detailZh : problem?.detail) ?? response.statusText;
    throw new CliFailure(exitStatus.refused, code, text, { ...problem?.facts, address });
  };
  const json = async <T>(path: string, init: RequestInit): Promise<T> => {
    const response = await call(path, { ...init, signal: init.signal ?? AbortSignal.timeout(timeoutMs) });
    return (await response.json()) as T;
  };
  const withBody = (method: string, body: unknown): RequestInit =>
    body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return {
    address,
    get: (path) => json(path, {}),
    post: (path, body) => json(path, withBody('POST', body)),
    put: (path, body) => json(path, withBody('PUT', body)),
    send: (path, type, body) =>
      json(path, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
        duplex: 'half',
        signal: new AbortController().signal,
      } as RequestInit),
    async *lines(path, request = {}) {
      const response = await call(path, request);
      const decoder = new TextDecoder();
      let rest = '';
      for await (const chunk of response.body ?? []) {
        const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
        rest = lines.pop() as string;
        for (const line of lines) if (line !== '') yield JSON.parse(line);
      }
      if (rest !== '') yield JSON.parse(rest);
    },
  };
};
