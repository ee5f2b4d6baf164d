import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../gateway/cli.ts', import.meta.url));

export type CommandResult = { readonly status: number; readonly value: unknown; readonly stderr: string };

/** Runs the `xinshu` command as a user would, with --json, and gives its exit status and value. */
export const tryXinshu = (home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, '--home', home, '--json', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      try {
        resolve({
          status: code ?? 1,
          value: stdout.trim() === '' ? undefined : JSON.parse(stdout),
          stderr: code === null ? `${stderr}${signal}` : stderr,
        });
      } catch (cause) {
        reject(new Error(`xinshu ${args.join(' ')} printed no JSON: ${stdout.slice(0, 500)}${stderr.slice(0, 500)}`, { cause }));
      }
    });
  });

/** The same, but anything other than success is an error that says what the command said. */
export const xinshu = async <T>(home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<T> => {
  const { status, value, stderr } = await tryXinshu(home, args, env);
  if (status !== 0) throw new Error(`xinshu ${args.join(' ')} ended with ${status}: ${stderr.trim() || JSON.stringify(value)}`);
  return value as T;
};
