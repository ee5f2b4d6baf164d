pragma circom 2.1.6;

include "circomlib/circuits/poseidon.circom";

/* Poseidon(Poseidon(first half), Poseidon(second half), salt) over the 32 elements of a part. */
template HashPart() {
    signal input elements[16][2];
    signal input salt;
    signal output out;

    component halves[2];
    component whole = Poseidon(3);
    for (var half = 0; half < 2; half++) {
        halves[half] = Poseidon(16);
        for (var at = 0; at < 16; at++) {
            halves[half].inputs[at] <== elements[8 * half + at \ 2][at % 2];
        }
        whole.inputs[half] <== halves[half].out;
    }
    whole.inputs[2] <== salt;
    out <== whole.out;
}
