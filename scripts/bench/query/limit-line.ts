import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { selfSignedCertificate } from '../../../gateway/adapters/keys/tls-certificate.ts';
import { KeptProcess } from '../../dev/process.ts';

export type LimitSizes = { readonly requestBytes: number; readonly responseBytes: number; readonly answerBytes: number };

const started = async (folder: string, name: string, args: readonly string[]): Promise<{ process: KeptProcess; port: number }> => {
  let port = 0;
  const kept = new KeptProcess({
    name,
    args: [fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), ...args],
    logFile: join(folder, `${name}.log`),
    onReady: (line) => {
      port = (JSON.parse(line) as { port: number }).port;
    },
  });
  await kept.start();
  return { process: kept, port };
};

/** Two processes that do nothing of a gateway's work but carry bytes of the same number the same way. */
export const startLimitLine = async (folder: string, connections: number, sizes: LimitSizes) => {
  const { certificate, privateKey } = await selfSignedCertificate('127.0.0.1', Date.now());
  const [certificateFile, keyFile] = [join(folder, 'limit.pem'), join(folder, 'limit.key')];
  writeFileSync(certificateFile, certificate);
  writeFileSync(keyFile, privateKey, { mode: 0o600 });
  const tls = ['--certificate', certificateFile, '--key', keyFile];
  const back = await started(folder, 'limit-back', [...tls, '--bytes', String(sizes.responseBytes)]);
  const front = await started(folder, 'limit-front', [
    ...tls,
    ...['--back', String(back.port), '--connections', String(connections)],
    ...['--request-bytes', String(sizes.requestBytes), '--answer-bytes', String(sizes.answerBytes)],
  ]);
  return {
    origin: `http://127.0.0.1:${front.port}`,
    stop: async () => {
      await front.process.stop();
      await back.process.stop();
    },
  };
};
