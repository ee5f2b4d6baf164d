import { deploy } from '../../../node/deployment/deploy.ts';
import { openNetwork } from '../../../node/network/open-network.ts';
import { testMemberDocuments } from '../../helpers/member-documents.ts';

// A deployment as a process of its own, for a test to kill: `deploy-process.ts DATA URL`. One line on standard output before each step.
const [dataDir, endpoint] = process.argv.slice(2) as [string, string];
await deploy({
  dataDir,
  endpoint,
  members: testMemberDocuments(openNetwork(dataDir)),
  onProgress: ({ done }) => process.stdout.write(`${done}\n`),
});
