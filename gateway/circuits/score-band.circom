pragma circom 2.1.6;

include "circomlib/circuits/bitify.circom";
include "commit-total.circom";

/*
 * What a consumer shows to a third party of a joint score (docs/protocol/circuit.md): that it lies in a band. Public, in this order:
 *   commitment  x and y of total*G + blinding*H, the sum of the providers' commitments
 *   low, high   the band in points plus 2^22: low <= total + 2^22 < high
 *   session     the session id
 *   context     hash of the third party's name and challenge: shown to another, the proof is worth nothing
 * All three numbers are below 2^23 + 1 (the verifier sees to it of low and high), so that the differences do not wrap around the field.
 */
template ScoreBand() {
    signal input low;
    signal input high;
    signal input session;
    signal input context;

    signal input offsetTotal;
    signal input blinding;

    signal output commitment[2];

    component above = Num2Bits(23);
    above.in <== offsetTotal - low;
    component below = Num2Bits(23);
    below.in <== high - 1 - offsetTotal;

    component commit = CommitTotal();
    commit.offsetTotal <== offsetTotal;
    commit.blinding <== blinding;
    commitment <== commit.out;

    // Inputs that no constraint holds could be changed in a finished proof.
    signal sessionSquared;
    sessionSquared <== session * session;
    signal contextSquared;
    contextSquared <== context * context;
}

component main {public [low, high, session, context]} = ScoreBand();
