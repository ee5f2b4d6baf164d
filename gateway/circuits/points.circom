pragma circom 2.1.6;

include "circomlib/circuits/poseidon.circom";
include "commit-points.circom";
include "feature-leaf.circom";
include "hash-part.circom";
include "match-bin.circom";
include "tree-root.circom";
include "unpack-feature.circom";

/*
 * A provider's proof in a joint score (design.md section 7, docs/protocol/circuit.md). Public, in this order:
 *   commitment        x and y of points*G + blinding*H
 *   featuresRoot      root of the feature tree that the provider published for its dataset version
 *   subjectCommitment Poseidon(subject, consentSalt), what the consent on chain holds
 *   partHash          hash of the provider's part of the model
 *   session           the session id: a proof of one session is worth nothing in another
 * It proves that the prover knows a subject behind the commitment, features of this subject in the tree and the part behind the hash, and that exactly one bin of
 * each feature holds its value and the points of these bins add up to what the commitment hides.
 */
template Points() {
    signal input featuresRoot;
    signal input subjectCommitment;
    signal input partHash;
    signal input session;

    signal input subject;
    signal input consentSalt;
    signal input features[16];
    signal input leafSalt;
    signal input pathPlaces[10];
    signal input pathChildren[10][4];
    signal input part[16][2];
    signal input partSalt;
    signal input selected[16][8];
    signal input blinding;

    signal output commitment[2];

    component consent = Poseidon(2);
    consent.inputs[0] <== subject;
    consent.inputs[1] <== consentSalt;
    consent.out === subjectCommitment;

    component leaf = FeatureLeaf();
    leaf.subject <== subject;
    leaf.features <== features;
    leaf.salt <== leafSalt;
    component root = TreeRoot(10);
    root.leaf <== leaf.out;
    root.places <== pathPlaces;
    root.children <== pathChildren;
    root.out === featuresRoot;

    component hash = HashPart();
    hash.elements <== part;
    hash.salt <== partSalt;
    hash.out === partHash;

    component unpacked[16];
    component match[16];
    var offsetSum = 0;
    for (var feature = 0; feature < 16; feature++) {
        unpacked[feature] = UnpackFeature();
        unpacked[feature].elements <== part[feature];
        match[feature] = MatchBin();
        match[feature].code <== features[feature];
        match[feature].category <== unpacked[feature].category;
        match[feature].firstCode <== unpacked[feature].firstCode;
        match[feature].offsets <== unpacked[feature].offsets;
        match[feature].spanBits <== unpacked[feature].spanBits;
        match[feature].selected <== selected[feature];
        offsetSum += match[feature].offset;
    }

    component commit = CommitPoints();
    commit.offsetSum <== offsetSum;
    commit.blinding <== blinding;
    commitment <== commit.out;

    // An input that no constraint holds could be changed in a finished proof.
    signal sessionSquared;
    sessionSquared <== session * session;
}

component main {public [featuresRoot, subjectCommitment, partHash, session]} = Points();
