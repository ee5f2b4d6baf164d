#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { addCeremonyCommands } from './cli/ceremony/commands.ts';
import { type Common, exits, performing, type Run } from './cli/command.ts';
import { addCouncilCommands } from './cli/council/commands.ts';

function command<O>(name: string, summary: string, help: string, load: () => Promise<Run<O>>): Command {
  return program
    .command(name)
    .description(summary)
    .requiredOption('--data <folder>', "the network's data folder")
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', `\n${help}\n${exits}`)
    .action((options: O & Common) => performing(program, options, load));
}

const program = new Command('xinshu-node')
  .description('Runs the chain of a Xinshu consortium: makes its ledger, keeps it up, founds it, and shows its state.')
  .option('--json', 'one JSON document on standard output')
  .exitOverride()
  .addHelpText('after', `${exits}\nIn order: init, up (in one terminal), deploy (in another), then members and status.`);

command(
  'init',
  'make the data folder of a network from its manifest',
  'Makes the manifest, the genesis, an empty ledger and the deployer key (encrypted; its passphrase in a file of mode 0600).\nBeside them, for each member, the systemd units and the compose file of its services; for the engine besu all that its nodes start from.\nInterrupted, it is run again. It never touches a network that is already there.',
  async () => (await import('./cli/init.ts')).init,
)
  .option('--manifest <file>', 'the consortium manifest (JSON); absent: the demo consortium of six institutions')
  .option('--port-base <port>', 'first port of the demo consortium (default 18800)')
  .option(
    '--engine <kind>',
    'engine of the demo consortium: embedded (default) or kaia, or besu: four validators with Byzantine fault tolerance',
  );

command(
  'up',
  'run the ledger in the foreground',
  'Stops cleanly on Ctrl-C or SIGTERM. A kill loses nothing that was answered.\nOn the engine kaia it runs the node of every validator of the manifest, and builds it first: that needs Go and, the first time, minutes.',
  async () => (await import('./cli/up.ts')).up,
).option('--metrics-port <port>', 'metrics for Prometheus at /metrics on this port of 127.0.0.1');

command(
  'keeper',
  "keep a node's allowlists in step with the member registry",
  'For engines whose nodes have allowlists (besu). Looks at the registry at each final block of its node, and at what the node allows, in its files and running;\nputs right what differs, both ways, also after downtime. Runs until Ctrl-C or SIGTERM; a round that fails is tried again.',
  async () => (await import('./cli/keeper.ts')).keeper,
)
  .requiredOption('--member <id>', 'whose node it is')
  .option('--node-folder <folder>', "the node's data directory (default: where `init` puts it on a member's machine)")
  .option('--url <url>', 'JSON-RPC of the node (default: its port in the manifest, on this machine)')
  .option('--every <seconds>', 'pause between rounds (default 1)')
  .option('--once', 'one round, then end; exit status 1 if it failed')
  .option('--dry-run', 'say what would change, and change nothing')
  .option('--metrics-port <port>', 'metrics for Prometheus at /metrics on this port of 127.0.0.1');

command(
  'deploy',
  'deploy the contracts and found the consortium',
  'Needs the ledger up, the contracts compiled (npx hardhat build) and the public document (member.json) of every member.\nStopped anywhere and run again, it goes on; complete, it only checks. Afterwards the council alone administers.',
  async () => (await import('./cli/deploy.ts')).deploy,
)
  .requiredOption('--members <path...>', "member.json files, gateways' data folders, or a folder of documents")
  .option('--url <url>', 'JSON-RPC of the ledger (default: the port of the manifest, on this machine)');

command(
  'members',
  'list the members as the chain has them',
  'Names, sectors, status, roles, valid keys and endpoints at the last block.',
  async () => (await import('./cli/members.ts')).members,
).option('--url <url>', 'JSON-RPC of the ledger');

command(
  'status',
  'show height, age, finality, members, contracts and disk, and each validator',
  'Fails with NODE_ENGINE_UNREACHABLE if no node of the ledger is up.',
  async () => (await import('./cli/status.ts')).status,
).option('--url <url>', 'JSON-RPC of the ledger');

addCouncilCommands(program);
addCeremonyCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version are asked for, and no fault.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
