import { expect } from 'chai';
import { credentialType } from '../../../gateway/domain/credential.ts';
import { sha256Hex } from '../../../gateway/domain/hash.ts';
import type { Address, CredentialId } from '../../../gateway/domain/ids.ts';
import { keysInForce } from '../../../gateway/domain/member-keys.ts';
import { type CredentialAsked, issueCredential } from '../../../gateway/flows/issue-credential.ts';
import { revokeCredential } from '../../../gateway/flows/revoke-credential.ts';
import { verifyJws } from '../../../gateway/sealing/jws.ts';
import { consumer, issuer, subjects } from '../../helpers/electricity.ts';
import { codeOf, type GatewayNetwork, good, startGatewayNetwork } from '../../helpers/gateway-network.ts';

const asked: CredentialAsked = {
  staff: { name: 'Clerk', roles: ['steward'] },
  subject: subjects[0]!,
  key: `0x${'ab'.repeat(20)}` as Address,
  grade: 3,
  method: 'in-person',
  validDays: 10,
};

describe('credentials', () => {
  let network: GatewayNetwork;
  before(async () => {
    network = await startGatewayNetwork([issuer, consumer]);
  });
  after(() => network.remove());
  const office = () => network.gateway(issuer).modules;
  const countIssued = async () => {
    let count = 0;
    for await (const _ of office().documents.list('issuedCredential')) count += 1;
    return count;
  };

  it('signs, logs before it hands out, and keeps what it issued', async () => {
    const { id, credential, notAfter } = good(await issueCredential(office(), asked));
    const view = office().ledger.head();
    const { claims } = good(
      verifyJws(credential, keysInForce(view.member(office().member)?.keys ?? [], 'sign', view.block.number), credentialType),
    );
    expect(claims).to.include({ v: 1, id, iss: issuer, key: asked.key, grade: 3, method: 'in-person', exp: notAfter });
    expect(notAfter - Number(claims.nbf)).to.equal(10 * 86_400);
    expect(claims.subject).to.deep.equal(subjects[0]);
    const opening = await office().audit.opening(office().audit.size() - 1);
    expect(opening?.step).to.equal('issued');
    expect(opening?.values).to.include({ staff: 'Clerk', message: sha256Hex(credential) });
  });

  it('refuses a member without the role, and a bad subject, and changes nothing', async () => {
    const before = [office().audit.size(), await countIssued(), network.gateway(consumer).modules.audit.size()];
    expect(codeOf(await issueCredential(network.gateway(consumer).modules, asked))).to.equal('MEMBER_ROLE_MISSING');
    expect(codeOf(await issueCredential(office(), { ...asked, subject: { type: 'enterprise', code: '914403001922038217' } }))).to.equal(
      'USCC_CHECK',
    );
    expect(codeOf(await issueCredential(office(), { ...asked, subject: { type: 'planet', code: '1' } }))).to.equal('SUBJECT_TYPE_UNKNOWN');
    expect([office().audit.size(), await countIssued(), network.gateway(consumer).modules.audit.size()]).to.deep.equal(before);
  });

  it('revokes on chain by the id alone, once, and only its own', async () => {
    const { id } = good(await issueCredential(office(), asked));
    expect(office().ledger.head().credentialRevoked(office().member, id)).to.equal(false);
    good(await revokeCredential(office(), { credential: id }));
    await network.settled();
    expect(network.gateway(consumer).modules.ledger.head().credentialRevoked(office().member, id)).to.equal(true);
    expect(codeOf(await revokeCredential(office(), { credential: id }))).to.equal('CREDENTIAL_REVOKED_ALREADY');
    const stranger = `0x${'34'.repeat(32)}` as CredentialId;
    expect(codeOf(await revokeCredential(office(), { credential: stranger }))).to.equal('CREDENTIAL_UNKNOWN');
    expect(office().ledger.head().credentialRevoked(office().member, stranger)).to.equal(false);
  });
});
