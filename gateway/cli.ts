#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Before anything else is loaded, so that a second command need not strip and compile the same files again.
enableCompileCache();
const { mainCommand } = await import('./cli/main-command.ts');
await mainCommand(process.argv.slice(2));
