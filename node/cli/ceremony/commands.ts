import type { Command } from 'commander';
import { type Common, exits, performing, type Run } from '../command.ts';

/** A command over the folder that goes from member to member, with the circuit as the software has it. */
function ceremonyCommand<O>(parent: Command, name: string, summary: string, help: string, load: () => Promise<Run<O>>): Command {
  return parent
    .command(name)
    .description(summary)
    .requiredOption('--ceremony <folder>', 'the folder of the ceremony, which goes from member to member')
    .requiredOption('--artefacts <folder>', "the circuit's folder with artefacts.json, such as gateway/circuits")
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', `\n${help}\n${exits}`)
    .action((options: O & Common) => performing(parent.parent ?? parent, options, load));
}

const withAccounts = (command: Command): Command =>
  command
    .option('--members <path...>', "the members' accounts: member.json files, gateways' data folders, or a folder of documents")
    .option('--data <folder>', "or from the chain: the network's data folder")
    .option('--url <url>', 'JSON-RPC of the ledger');

/** `ceremony`: the consortium's own proving keys. */
export function addCeremonyCommands(program: Command): void {
  const ceremony = program.command('ceremony').description('proving keys that the members make together: one honest member is enough');
  ceremonyCommand(
    ceremony,
    'start',
    'begin a ceremony',
    'The order of --members is the order of their turns. Interrupted, it is run again.',
    async () => (await import('./start.ts')).start,
  )
    .requiredOption('--r1cs <file>', 'the constraint system (node scripts/circuits/build.ts --r1cs DIR compiles it)')
    .requiredOption('--powers <file>', 'powers of tau, prepared for phase 2 (.ptau), from a ceremony that the members trust')
    .requiredOption('--members <path...>', "member.json files, gateways' data folders, or folders of documents")
    .option('--least <number>', 'contributions without which there are no keys', '2')
    .option('--trial', 'take the powers of tau of the trial keys: for a drill');
  withAccounts(
    ceremonyCommand(
      ceremony,
      'contribute',
      "check what came before, add a member's randomness and sign",
      'The randomness is drawn for it and never kept. Afterwards the whole folder goes to the next member.\nInterrupted, it is run again.',
      async () => (await import('./contribute.ts')).contribute,
    ),
  )
    .requiredOption('--as <folder>', "the data folder of the member's gateway: its account signs")
    .option('--passphrase-file <file>', 'passphrase of its keystore, mode 0600 (default: passphrase in that folder)')
    .option('--pass-over <members>', 'members before this one that did not come, parted by commas', '');
  withAccounts(
    ceremonyCommand(
      ceremony,
      'verify',
      'check everything that a ceremony left: circuit, members, signatures, each contribution, the key',
      'Names the first bad contribution.',
      async () => (await import('./verify.ts')).verify,
    ),
  );
  withAccounts(
    ceremonyCommand(
      ceremony,
      'finalize',
      'write the keys, their manifest, the verifier contract and what the council is to put on chain',
      'Whoever runs it on the same folder gets the same bytes.',
      async () => (await import('./finalize.ts')).finalize,
    ),
  ).requiredOption('--out <folder>', 'where the artefacts go, as a gateway takes them');
}
