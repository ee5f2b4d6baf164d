import type { Modules } from './modules.ts';

/** How much of the log a reader may see. A checkpoint is made for whoever asks, of all that is durable; so that is what checkpoints cover. */
export const publishedSize = ({ audit }: Pick<Modules, 'audit'>): number => audit.size();
