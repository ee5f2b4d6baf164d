pragma circom 2.1.6;

include "circomlib/circuits/poseidon.circom";

/*
 * Poseidon(subject, Poseidon(features), salt), six features in an element. The features must be below 2^40, or two vectors could be packed alike; MatchBin
 * accepts no others.
 */
template FeatureLeaf() {
    signal input subject;
    signal input features[16];
    signal input salt;
    signal output out;

    component packed = Poseidon(3);
    for (var element = 0; element < 3; element++) {
        var sum = 0;
        for (var at = 6 * element; at < 6 * element + 6 && at < 16; at++) {
            sum += features[at] * (1 << (40 * (at % 6)));
        }
        packed.inputs[element] <== sum;
    }
    component leaf = Poseidon(3);
    leaf.inputs[0] <== subject;
    leaf.inputs[1] <== packed.out;
    leaf.inputs[2] <== salt;
    out <== leaf.out;
}
