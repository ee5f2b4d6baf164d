/** One institution's gateway as a process: `node gateway/main.ts --dir FOLDER`, the same as `xinshu gateway run --dir FOLDER`. */
import { parseArgs } from 'node:util';
import { serveGateway } from './serve-gateway.ts';

const folderArgument = (): string | undefined => {
  try {
    return parseArgs({ options: { dir: { type: 'string' } }, strict: true }).values.dir;
  } catch {
    return undefined;
  }
};

const folder = folderArgument();
if (folder === undefined) {
  process.stderr.write('usage: node gateway/main.ts --dir FOLDER\n');
  process.exitCode = 2;
} else {
  await serveGateway(folder);
}
