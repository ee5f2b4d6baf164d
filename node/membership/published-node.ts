import { enodeUrl, parseEnode } from './enode.ts';

/** The enode URL that a key of suite `enode` holds as UTF-8; undefined if it holds none: such a key opens no door. */
export function publishedNode(data: string): string | undefined {
  const address = parseEnode(Buffer.from(data.slice(2), 'hex').toString('utf8'));
  return address === undefined ? undefined : enodeUrl(address);
}
